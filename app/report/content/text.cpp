#include "app/report/content/text.h"

#include <string_view>

namespace headroom::report {

namespace {

constexpr const char* replacement = "\xEF\xBF\xBD";

struct Character {
    char32_t code = 0;
    std::size_t bytes = 1;
    bool good = false;
};

/// The character at `at`; one byte that is not good where there is none.
Character character_at(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) -> char32_t {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0;
    };
    const char32_t lead = byte(at);
    if (lead < 0x80) return {lead, 1, true};
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4) return {};
    char32_t code = lead & (0xFFu >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(at + i) & 0xC0) != 0x80) return {};
        code = (code << 6) | (byte(at + i) & 0x3F);
    }
    const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
    if (overlong || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return {};
    return {code, length, true};
}

}  // namespace

std::string clean(const std::string& text) {
    std::string result;
    result.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const auto [code, bytes, good] = character_at(text, at);
        const bool direction = (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069) ||
                               code == 0x200e || code == 0x200f || code == 0x061c;
        const bool control = code < 0x20 || (code >= 0x7f && code < 0xa0);
        if (good && (code == '\n' || code == '\t' || code == '\r'))
            result += ' ';
        else if (!good || control || (code & 0xFFFE) == 0xFFFE)
            result += replacement;
        else if (!direction && code != 0xfeff)
            result.append(text, at, bytes);
        at += bytes;
    }
    return result;
}

std::string shortened(const std::string& text, std::size_t characters) {
    if (length_of(text) <= characters || characters == 0) return text;
    std::size_t at = 0;
    for (std::size_t i = 0; i + 1 < characters; ++i) at += character_at(text, at).bytes;
    return text.substr(0, at) + "…";
}

std::size_t length_of(const std::string& text) {
    std::size_t count = 0;
    for (std::size_t at = 0; at < text.size(); at += character_at(text, at).bytes) ++count;
    return count;
}

std::string escaped_html(const std::string& text) {
    std::string result;
    result.reserve(text.size());
    for (const char c : text) switch (c) {
            case '<':
                result += "&lt;";
                break;
            case '>':
                result += "&gt;";
                break;
            case '&':
                result += "&amp;";
                break;
            case '"':
                result += "&quot;";
                break;
            default:
                result += c;
        }
    return result;
}

}  // namespace headroom::report
