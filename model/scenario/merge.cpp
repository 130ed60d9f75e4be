#include "model/scenario/merge.h"

#include "model/scenario/document.h"
#include "model/system/distribution.h"

#include <algorithm>
#include <cctype>

namespace headroom::model {

namespace {

bool is_distribution(const Value& value) {
    constexpr int families = static_cast<int>(Family::empirical) + 1;
    for (const Value::Entry& entry : value.entries) {
        if (entry.key == "scv") return true;
        for (int i = 0; i < families; ++i)
            if (entry.key == word_for(static_cast<Family>(i))) return true;
    }
    return false;
}

}  // namespace

Value merge(Value below, Value above) {
    if (!below.is_mapping() || !above.is_mapping() || is_distribution(above)) return above;
    for (Value::Entry& entry : above.entries) {
        const auto old = std::find_if(below.entries.begin(), below.entries.end(),
                                      [&](const Value::Entry& other) { return other.key == entry.key; });
        if (entry.value.is_null()) {
            if (old != below.entries.end()) below.entries.erase(old);
        } else if (old == below.entries.end()) {
            below.entries.push_back(std::move(entry));
        } else {
            old->key_place = entry.key_place;
            old->key_begin = entry.key_begin;
            old->value = merge(std::move(old->value), std::move(entry.value));
        }
    }
    below.place = above.place;
    below.begin = above.begin;
    below.end = above.end;
    return below;
}

bool same_content(const Value& a, const Value& b) {
    return a.kind == b.kind && a.text == b.text &&
           std::equal(a.items.begin(), a.items.end(), b.items.begin(), b.items.end(), same_content) &&
           std::equal(a.entries.begin(), a.entries.end(), b.entries.begin(), b.entries.end(),
                      [](const Value::Entry& x, const Value::Entry& y) {
                          return x.key == y.key && same_content(x.value, y.value);
                      });
}

std::string to_flow(const Value& value) {
    const auto within = [](const Value& part) {
        // A word such as "true" stays one; what would end the item is quoted.
        const bool word = std::all_of(part.text.begin(), part.text.end(),
                                      [](char c) { return std::isalpha(static_cast<unsigned char>(c)); });
        if (!part.is_scalar()) return to_flow(part);
        return !part.quoted && word && !part.text.empty() ? part.text : quote_scalar(part.text);
    };
    std::string text;
    switch (value.kind) {
        case Value::Kind::null:
            return "null";
        case Value::Kind::scalar:
            return value.quoted ? quote_scalar(value.text) : value.text;
        case Value::Kind::sequence:
            for (const Value& item : value.items) text += (text.empty() ? "" : ", ") + within(item);
            return "[" + text + "]";
        case Value::Kind::mapping:
            for (const Value::Entry& entry : value.entries)
                text += (text.empty() ? "" : ", ") + quote_scalar(entry.key) + ": " + within(entry.value);
            return "{" + text + "}";
    }
    return text;
}

}  // namespace headroom::model
