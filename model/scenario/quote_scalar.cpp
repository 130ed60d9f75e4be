#include "model/scenario/document.h"

#include <algorithm>
#include <iterator>

namespace headroom::model {

std::string quote_scalar(std::string_view text) {
    static constexpr std::string_view reserved[] = {"null", "Null", "NULL", "~",    "true", "false",
                                                    "yes",  "no",   "on",   "off",  "True", "False",
                                                    "Yes",  "No",   "TRUE", "FALSE"};
    const auto plain = [&] {
        if (text.empty() || text.front() == ' ' || text.back() == ' ') return false;
        if (std::find(std::begin(reserved), std::end(reserved), text) != std::end(reserved)) return false;
        if (std::string_view("-?:,[]{}#&*!|>'\"%@`=").find(text.front()) != std::string_view::npos &&
            !(text.front() == '-' && text.size() > 1 && text[1] >= '0' && text[1] <= '9'))
            return false;
        if (text == "..." || text.starts_with("... ")) return false;
        return std::all_of(text.begin(), text.end(), [](char c) {
            return static_cast<unsigned char>(c) >= 0x20 && c != 0x7F &&
                   std::string_view(",[]{}:#\"").find(c) == std::string_view::npos;
        });
    };
    if (plain()) return std::string(text);
    std::string result = "\"";
    for (const char c : text) {
        const auto code = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            result += '\\';
            result += c;
        } else if (c == '\n') {
            result += "\\n";
        } else if (c == '\t') {
            result += "\\t";
        } else if (code < 0x20 || code == 0x7F) {
            constexpr const char* hex = "0123456789ABCDEF";
            result += "\\x";
            result += hex[code >> 4];
            result += hex[code & 15];
        } else {
            result += c;
        }
    }
    return result + '"';
}

}  // namespace headroom::model
