#include "app/report/pdf_identity.h"

#include <algorithm>
#include <qpdf/Buffer.hh>
#include <qpdf/QPDF.hh>
#include <qpdf/QPDFObjectHandle.hh>
#include <qpdf/QPDFPageDocumentHelper.hh>
#include <qpdf/QPDFWriter.hh>

namespace headroom::report {

namespace {

void add_outline(QPDF& pdf, const std::vector<OutlineEntry>& outline) {
    const std::vector<QPDFObjectHandle>& pages = pdf.getAllPages();
    if (outline.empty() || pages.empty()) return;
    QPDFObjectHandle root = pdf.makeIndirectObject(QPDFObjectHandle::parse("<< /Type /Outlines >>"));
    std::vector<QPDFObjectHandle> items;
    for (const OutlineEntry& entry : outline) {
        QPDFObjectHandle item = pdf.makeIndirectObject(QPDFObjectHandle::newDictionary());
        item.replaceKey("/Title", QPDFObjectHandle::newUnicodeString(entry.title));
        item.replaceKey("/Parent", root);
        const std::size_t page = std::min(static_cast<std::size_t>(entry.page), pages.size() - 1);
        item.replaceKey("/Dest",
                        QPDFObjectHandle::newArray({pages[page], QPDFObjectHandle::newName("/Fit")}));
        if (!items.empty()) {
            item.replaceKey("/Prev", items.back());
            items.back().replaceKey("/Next", item);
        }
        items.push_back(item);
    }
    root.replaceKey("/First", items.front());
    root.replaceKey("/Last", items.back());
    root.replaceKey("/Count", QPDFObjectHandle::newInteger(static_cast<long long>(items.size())));
    pdf.getRoot().replaceKey("/Outlines", root);
}

void add_links(QPDF& pdf, const std::vector<PageLink>& links) {
    const std::vector<QPDFObjectHandle>& pages = pdf.getAllPages();
    for (const PageLink& link : links) {
        const auto from = static_cast<std::size_t>(link.page), to = static_cast<std::size_t>(link.target);
        if (from >= pages.size() || to >= pages.size()) continue;
        QPDFObjectHandle page = pages[from];
        const QPDFObjectHandle::Rectangle box = page.getKey("/MediaBox").getArrayAsRectangle();
        const double width = box.urx - box.llx, height = box.ury - box.lly;
        QPDFObjectHandle area = pdf.makeIndirectObject(
            QPDFObjectHandle::parse("<< /Type /Annot /Subtype /Link /Border [0 0 0] >>"));
        area.replaceKey("/Rect", QPDFObjectHandle::newFromRectangle(
                                     {box.llx + link.left * width, box.ury - link.bottom * height,
                                      box.llx + link.right * width, box.ury - link.top * height}));
        area.replaceKey("/Dest", QPDFObjectHandle::newArray({pages[to], QPDFObjectHandle::newName("/Fit")}));
        if (!page.getKey("/Annots").isArray()) page.replaceKey("/Annots", QPDFObjectHandle::newArray());
        page.getKey("/Annots").appendItem(area);
    }
}

}  // namespace

std::string with_identity(const std::string& bytes, const Identity& identity,
                          const std::vector<OutlineEntry>& outline, const std::vector<PageLink>& links) {
    QPDF pdf;
    pdf.processMemoryFile("report", bytes.data(), bytes.size());
    QPDFObjectHandle description = pdf.makeIndirectObject(QPDFObjectHandle::newDictionary());
    description.replaceKey("/Title", QPDFObjectHandle::newUnicodeString(identity.title));
    if (!identity.subject.empty())
        description.replaceKey("/Subject", QPDFObjectHandle::newUnicodeString(identity.subject));
    description.replaceKey("/Author", QPDFObjectHandle::newUnicodeString(identity.author));
    description.replaceKey("/Creator", QPDFObjectHandle::newUnicodeString("Headroom"));
    pdf.getTrailer().replaceKey("/Info", description);
    QPDFObjectHandle root = pdf.getRoot();
    root.removeKey("/Metadata");
    root.replaceKey("/Lang", QPDFObjectHandle::newString("en"));
    root.replaceKey("/ViewerPreferences", QPDFObjectHandle::parse("<< /DisplayDocTitle true >>"));
    add_outline(pdf, outline);
    add_links(pdf, links);

    QPDFWriter writer(pdf);
    writer.setOutputMemory();
    writer.setDeterministicID(true);
    writer.setObjectStreamMode(qpdf_o_generate);
    writer.write();
    const std::shared_ptr<Buffer> result = writer.getBufferSharedPointer();
    return {reinterpret_cast<const char*>(result->getBuffer()), result->getSize()};
}

}  // namespace headroom::report
