#include "model/units/unit.h"
#include "model/units/unit_table.h"

#include <cctype>
#include <charconv>
#include <cmath>
#include <optional>

namespace headroom::model {

namespace {

using Error = tl::unexpected<std::string>;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}
bool is_space(char c) { return c == ' ' || c == '\t'; }

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front()))) text.remove_prefix(1);
    while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back()))) text.remove_suffix(1);
    return text;
}

/// The text in quotes as it can stand in a sentence: short, on one line.
std::string quoted(std::string_view text) {
    constexpr std::size_t longest = 60;
    std::string result = "'";
    for (const char c : text.substr(0, longest)) result += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    while (text.size() > longest && result.size() > 1 && (static_cast<unsigned char>(result.back()) & 0x80))
        result.pop_back();  // never half a character
    return result + (text.size() > longest ? "...'" : "'");
}

/// Reads a text from left to right; every step says what it found.
class Scanner {
public:
    explicit Scanner(std::string_view text) : text_(text) {}

    bool at_end() const { return at_ >= text_.size(); }
    char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
    void skip_spaces() {
        while (is_space(peek())) ++at_;
    }
    bool take(char c) {
        if (peek() != c || at_end()) return false;
        ++at_;
        return true;
    }
    /// A run of letters, or one of the symbols that stand for a unit.
    std::string_view word() {
        const std::size_t from = at_;
        if (peek() == '%') {
            ++at_;
        } else {
            while (is_letter(peek())) ++at_;
        }
        return text_.substr(from, at_ - from);
    }
    std::string_view rest() const { return text_.substr(at_); }
    std::string_view digits() {
        const std::size_t from = at_;
        while (is_digit(peek())) ++at_;
        return text_.substr(from, at_ - from);
    }
    void back_to(std::size_t position) { at_ = position; }
    std::size_t position() const { return at_; }

private:
    std::string_view text_;
    std::size_t at_ = 0;
};

/// A number with decimal point or comma. In an amount of dollars, "1,234" has thousands in groups, as
/// Headroom prints them; elsewhere it might as well mean 1.234 and is refused.
tl::expected<double, std::string> read_number(Scanner& scanner, bool dollars) {
    std::string digits(scanner.digits());
    const std::size_t whole = digits.size();
    bool point = false;
    int groups = 0;
    while (scanner.peek() == '.' || scanner.peek() == ',') {
        const char mark = scanner.peek();
        if (!is_digit(scanner.peek(1)) && !(mark == '.' && whole > 0 && !point)) break;
        scanner.take(mark);
        const std::string_view part = scanner.digits();
        const bool thousands =
            part.size() == 3 && whole >= 1 && whole <= 3 && digits.front() != '0' && !point;
        if (mark == ',' && dollars && thousands) {
            ++groups;
            digits += part;
            continue;
        }
        if (point || (groups > 0 && mark == ','))
            return Error("has more than one decimal mark; write 1234567.8");
        if (mark == ',' && thousands) {
            if (scanner.peek() == ',' || scanner.peek() == '.')
                return Error("groups its digits; write 1234567.8 without groups");
            return Error("is ambiguous: write " + digits + std::string(part) + " or " + digits + "." +
                         std::string(part));
        }
        point = true;
        digits += '.';
        digits += part;
    }
    if (digits.empty() || digits == ".") return Error("is not a number");
    if (scanner.peek() == 'e' || scanner.peek() == 'E') {
        const std::size_t sign = scanner.peek(1) == '+' || scanner.peek(1) == '-' ? 1 : 0;
        if (is_digit(scanner.peek(1 + sign))) {
            scanner.take(scanner.peek());
            digits += 'e';
            if (scanner.take('-')) digits += '-';
            scanner.take('+');
            digits += scanner.digits();
        }
    }
    if (digits.back() == '.') digits += '0';
    if (digits.front() == '.') digits.insert(0, 1, '0');
    double value = 0;
    const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (code == std::errc::result_out_of_range) {
        if (digits.find("e-") != std::string::npos) return 0.0;
        return Error("is too large a number");
    }
    if (code != std::errc() || end != digits.data() + digits.size()) return Error("is not a number");
    return value;
}

std::string unknown_unit(std::string_view word) {
    const std::string name(word);
    if (name == "m") return "has the unit 'm', which may mean minutes or months; write min or month";
    if (name == "\u20ac" || name == "EUR" || name == "\u00a3" || name == "GBP")
        return "is not in US dollars; amounts are written like '$3000/month'";
    if (name == "Mb" || name == "Gb" || name == "kb" || name == "Kb" || name == "Tb" || name == "b")
        return "has the unit '" + name + "', which may mean bits or bytes; write " +
               (name == "b" ? std::string("bit or B")
                            : name.substr(0, 1) + "bit or " + name.substr(0, 1) + "B");
    std::string message = "has an unknown unit " + quoted(name);
    if (const UnitWord* near = find_unit_of_any_case(word))
        message += "; did you mean '" + std::string(near->name) + "'?";
    return message;
}

/// Reads one unit, with a prefix of its own, into `quantity`, to the power of +1 or -1.
std::optional<std::string> read_unit(Scanner& scanner, ParsedQuantity& quantity, int power) {
    const std::string_view word = scanner.word();
    if (word.empty()) return "has " + quoted(scanner.rest()) + " where a unit is expected";
    double factor = 1;
    Dimension dimension;
    std::string noun;
    if (const UnitWord* unit = find_unit(word)) {
        factor = unit->factor;
        dimension = unit->dimension;
    } else if (noun = plural_noun(word); !noun.empty()) {
        dimension = dimensions::item;
    } else if (const double prefix = prefix_factor(word.front()); prefix > 0) {
        // "10 M events", "$0.40/M requests", "2 kevents/s"; a prefix alone counts items that are not named
        factor = prefix;
        if (word.size() == 1) {
            const std::size_t here = scanner.position();
            scanner.skip_spaces();
            noun = plural_noun(scanner.word());
            if (noun.empty()) scanner.back_to(here);
        } else {
            noun = plural_noun(word.substr(1));
            if (noun.empty()) return unknown_unit(word);
        }
        if (!noun.empty()) dimension = dimensions::item;
    } else {
        return unknown_unit(word);
    }
    quantity.value = power > 0 ? quantity.value * factor : quantity.value / factor;
    quantity.dimension = power > 0 ? quantity.dimension * dimension : quantity.dimension / dimension;
    if (quantity.noun.empty()) quantity.noun = noun;
    return std::nullopt;
}

/// {"/" | "-" | "*" | "per" unit}. What follows a slash stays below it: "$23/TB-month".
std::optional<std::string> read_further_units(Scanner& scanner, ParsedQuantity& quantity) {
    int power = 1;
    for (int count = 0;; ++count) {
        scanner.skip_spaces();
        if (scanner.at_end()) return std::nullopt;
        if (count == 4) return "has too many units";
        if (scanner.take('/')) {
            power = -1;
        } else if (!scanner.take('-') && !scanner.take('*')) {
            if (scanner.rest().substr(0, 4) != "per ")
                return "has " + quoted(scanner.rest()) + " behind its unit";
            scanner.word();
            power = -1;
        }
        scanner.skip_spaces();
        if (is_digit(scanner.peek())) {  // "$0.005/1000 requests"
            const auto divisor = read_number(scanner, false);
            if (!divisor) return divisor.error();
            if (*divisor == 0) return "divides by zero";
            quantity.value = power > 0 ? quantity.value * *divisor : quantity.value / *divisor;
            scanner.skip_spaces();
        }
        if (auto error = read_unit(scanner, quantity, power)) return error;
    }
}

}  // namespace

tl::expected<ParsedQuantity, std::string> parse_quantity(std::string_view raw) {
    const std::string_view text = trimmed(raw);
    const auto error = [&](const std::string& clause) { return Error(quoted(text) + " " + clause); };
    if (text.empty()) return Error("nothing stands where a number is expected");
    if (text.size() > 100) return error("is too long for a number with a unit");

    Scanner scanner(text);
    ParsedQuantity quantity;
    double sign = 1;
    if (scanner.take('-')) {
        sign = -1;
    } else {
        scanner.take('+');
    }
    const bool dollars = scanner.take('$');
    if (dollars) {
        quantity.dimension = dimensions::money;
        if (sign > 0 && scanner.take('-')) sign = -1;
    }
    scanner.skip_spaces();
    const auto number = read_number(scanner, dollars);
    if (!number) return error(number.error());
    quantity.value = sign * *number;

    const double prefix = prefix_factor(scanner.peek());
    if (prefix > 0 && !is_letter(scanner.peek(1))) {
        scanner.take(scanner.peek());
        quantity.value *= prefix;
    }
    scanner.skip_spaces();
    if (is_digit(scanner.peek())) return error("has a space within the number; write it without");
    if (!scanner.at_end()) {
        const char next = scanner.peek();
        if (next != '/' && next != '-' && next != '*' && scanner.rest().substr(0, 4) != "per ")
            if (const auto clause = read_unit(scanner, quantity, 1)) return error(*clause);
        if (const auto clause = read_further_units(scanner, quantity)) return error(*clause);
    }
    if (!std::isfinite(quantity.value)) return error("is too large a number");
    return quantity;
}

tl::expected<double, std::string> parse_quantity(std::string_view text, Dimension expected) {
    const auto parsed = parse_quantity(text);
    if (!parsed) {
        if (trimmed(text).empty())
            return Error(parsed.error() + "; " + describe(expected) + " expected, for example '" +
                         example_of(expected) + "'");
        return Error(parsed.error() + (parsed.error().find("expected") == std::string::npos &&
                                               parsed.error().find("; ") == std::string::npos &&
                                               parsed.error().find(": ") == std::string::npos
                                           ? "; " + describe(expected) + " expected, for example '" +
                                                 example_of(expected) + "'"
                                           : std::string()));
    }
    Dimension found = parsed->dimension;
    // What is counted may be left out ("8/s" for a rate of events, "12" for partitions, "230 B" for the size
    // of a record), but a duration must say its unit.
    if (found == expected) return parsed->value;
    if (found.item == 0 && parsed->noun.empty()) {
        found.item = expected.item;
        if (found == expected) return parsed->value;
    }
    return Error(quoted(trimmed(text)) + " is " + describe(parsed->dimension) + "; " + describe(expected) +
                 " expected, for example '" + example_of(expected) + "'");
}

}  // namespace headroom::model
