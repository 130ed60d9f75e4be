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

}  // namespace

std::string with_identity(const std::string& bytes, const std::string& title, const std::string& subject,
                          const std::vector<OutlineEntry>& outline) {
    QPDF pdf;
    pdf.processMemoryFile("report", bytes.data(), bytes.size());
    QPDFObjectHandle description = pdf.makeIndirectObject(QPDFObjectHandle::newDictionary());
    description.replaceKey("/Title", QPDFObjectHandle::newUnicodeString(title));
    if (!subject.empty()) description.replaceKey("/Subject", QPDFObjectHandle::newUnicodeString(subject));
    description.replaceKey("/Author", QPDFObjectHandle::newUnicodeString("Headroom"));
    description.replaceKey("/Creator", QPDFObjectHandle::newUnicodeString("Headroom"));
    pdf.getTrailer().replaceKey("/Info", description);
    QPDFObjectHandle root = pdf.getRoot();
    root.removeKey("/Metadata");
    root.replaceKey("/Lang", QPDFObjectHandle::newString("en"));
    root.replaceKey("/ViewerPreferences", QPDFObjectHandle::parse("<< /DisplayDocTitle true >>"));
    add_outline(pdf, outline);

    QPDFWriter writer(pdf);
    writer.setOutputMemory();
    writer.setDeterministicID(true);
    writer.setObjectStreamMode(qpdf_o_generate);
    writer.write();
    const std::shared_ptr<Buffer> result = writer.getBufferSharedPointer();
    return {reinterpret_cast<const char*>(result->getBuffer()), result->getSize()};
}

}  // namespace headroom::report
