#include "model/scenario/chain.h"

#include "model/scenario/problem.h"

#include <algorithm>
#include <cctype>
#include <optional>

namespace headroom::model {

namespace {

class Chain {
public:
    explicit Chain(std::string_view text) : text_(text) {}

    tl::expected<std::vector<ChainGroup>, ChainFault> read() {
        std::vector<ChainGroup> all;
        do {
            ChainGroup group = read_group();
            if (group.empty()) return tl::unexpected(fault_);
            all.push_back(std::move(group));
            skip();
        } while (take("->") || take("\u2192"));
        if (at_ < text_.size())
            wrong("'" + excerpt(text_.substr(at_)) + "' stands where '->' is expected");
        else if (all.size() < 2)
            wrong("'" + excerpt(text_) + "' links nothing; write it like " + chain_example);
        else
            return all;
        return tl::unexpected(fault_);
    }

private:
    void wrong(std::string message) { fault_ = {at_, std::move(message)}; }
    void skip() {
        while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n')) ++at_;
    }
    bool take(std::string_view word) {
        skip();
        if (text_.substr(at_, word.size()) != word) return false;
        at_ += word.size();
        return true;
    }
    std::optional<ChainName> read_name() {
        skip();
        ChainName name{{}, at_};
        while (at_ < text_.size()) {
            const char c = text_[at_];
            const bool arrow = c == '-' && text_.substr(at_, 2) == "->";
            if (arrow || (!std::isalnum(static_cast<unsigned char>(c)) && c != '-' && c != '_')) break;
            name.id += c;
            ++at_;
        }
        if (!name.id.empty()) return name;
        wrong(at_ < text_.size()
                  ? "'" + excerpt(text_.substr(at_)) + "' stands where an id is expected"
                  : std::string("an id is missing at the end; write it like ") + chain_example);
        return std::nullopt;
    }
    ChainGroup read_group() {
        ChainGroup group;
        if (!take("[")) {
            if (auto name = read_name()) group.push_back(*std::move(name));
            return group;
        }
        do {
            auto name = read_name();
            if (!name) return {};
            group.push_back(*std::move(name));
        } while (take(","));
        if (take("]")) return group;
        wrong("']' is missing; write it like " + std::string(chain_example));
        return {};
    }

    std::string_view text_;
    std::size_t at_ = 0;
    ChainFault fault_;
};

}  // namespace

bool is_id(std::string_view text) {
    return !text.empty() && text.size() <= 100 && text.front() != '-' &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_';
           });
}

tl::expected<std::vector<ChainGroup>, ChainFault> read_chain(std::string_view text) {
    return Chain(text).read();
}

}  // namespace headroom::model
