// Splits SQL into statements and takes the names out of CREATE TABLE name AS ...; whether a statement is
// right is the engine's to say.

#include "sim/operators/transform.h"

#include <algorithm>
#include <cctype>
#include <optional>

namespace headroom::sim {

namespace {

/// The end of what begins at `at` if that is a comment or something in quotes; otherwise `at`.
std::size_t skip(const std::string& sql, std::size_t at) {
    const auto behind = [&](std::string_view end, std::size_t from) {
        const std::size_t found = sql.find(end, from);
        return found == std::string::npos ? sql.size() : found + end.size();
    };
    const char c = sql[at];
    if (c == '\'' || c == '"') return behind(std::string_view(&c, 1), at + 1);
    if (sql.compare(at, 2, "--") == 0) return behind("\n", at);
    if (sql.compare(at, 2, "/*") == 0) return behind("*/", at + 2);
    if (c == '$') {
        const std::size_t end =
            sql.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789", at + 1);
        if (end != std::string::npos && sql[end] == '$') return behind(sql.substr(at, end - at + 1), end + 1);
    }
    return at;
}

bool is_comment(const std::string& sql, std::size_t at) {
    return sql.compare(at, 2, "--") == 0 || sql.compare(at, 2, "/*") == 0;
}

bool is_space(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }

/// Everything but line ends becomes blank.
void blank(std::string& text, std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; ++i)
        if (text[i] != '\n') text[i] = ' ';
}

/// Reads words one after the other.
class Words {
public:
    explicit Words(const std::string& sql) : sql_(sql) {}

    /// Takes the word if it is the next one, in any case.
    bool take(std::string_view word) {
        const std::size_t start = start_of_next();
        if (start + word.size() > sql_.size()) return false;
        for (std::size_t i = 0; i < word.size(); ++i)
            if (std::toupper(static_cast<unsigned char>(sql_[start + i])) != word[i]) return false;
        const std::size_t end = start + word.size();
        if (end < sql_.size() &&
            (std::isalnum(static_cast<unsigned char>(sql_[end])) != 0 || sql_[end] == '_'))
            return false;
        at_ = end;
        return true;
    }
    std::optional<std::string> take_name() {
        const std::size_t start = start_of_next();
        if (start >= sql_.size()) return std::nullopt;
        if (sql_[start] == '"') {
            const std::size_t end = sql_.find('"', start + 1);
            if (end == std::string::npos) return std::nullopt;
            at_ = end + 1;
            return sql_.substr(start + 1, end - start - 1);
        }
        std::size_t end = start;
        while (end < sql_.size() &&
               (std::isalnum(static_cast<unsigned char>(sql_[end])) != 0 || sql_[end] == '_'))
            ++end;
        if (end == start) return std::nullopt;
        at_ = end;
        return sql_.substr(start, end - start);
    }
    std::size_t at() const { return at_; }

private:
    std::size_t start_of_next() const {
        std::size_t at = at_;
        while (at < sql_.size()) {
            if (is_space(sql_[at]))
                ++at;
            else if (is_comment(sql_, at))
                at = skip(sql_, at);
            else
                break;
        }
        return at;
    }

    const std::string& sql_;
    std::size_t at_ = 0;
};

}  // namespace

std::vector<std::string> split_statements(const std::string& sql) {
    std::vector<std::string> statements;
    std::size_t begin = 0;
    bool empty = true;
    const auto close = [&](std::size_t end) {
        if (!empty) {
            std::string statement = sql.substr(0, end);
            blank(statement, 0, begin);
            statements.push_back(std::move(statement));
        }
        begin = end + 1;
        empty = true;
    };
    for (std::size_t i = 0; i < sql.size();) {
        if (const std::size_t end = skip(sql, i); end > i) {
            if (!is_comment(sql, i)) empty = false;
            i = end;
            continue;
        }
        if (sql[i] == ';') {
            close(i);
        } else if (!is_space(sql[i])) {
            empty = false;
        }
        ++i;
    }
    if (!empty) close(sql.size());
    return statements;
}

Step step_of(const std::string& statement) {
    Step step{.name = {}, .sql = statement};
    Words words(statement);
    if (!words.take("CREATE")) return step;
    if (words.take("OR") && !words.take("REPLACE")) return step;
    if (!words.take("TEMP")) words.take("TEMPORARY");
    if (!words.take("TABLE") && !words.take("VIEW")) return step;
    std::optional<std::string> name = words.take_name();
    if (!name || !words.take("AS")) return step;
    step.name = *std::move(name);
    blank(step.sql, 0, words.at());
    return step;
}

}  // namespace headroom::sim
