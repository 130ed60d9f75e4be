#pragma once
// Physical quantities whose dimension is part of their type. Values are kept in base units:
// seconds, bytes, items (events, records, requests, ... : things that are counted) and US dollars.

#include <compare>
#include <cstdint>

namespace headroom::model {

/// Exponents of the four base units: a rate of events is {.time = -1, .item = 1}.
struct Dimension {
    std::int8_t time = 0, data = 0, item = 0, money = 0;

    friend constexpr bool operator==(Dimension, Dimension) = default;
    friend constexpr Dimension operator*(Dimension a, Dimension b) {
        return {narrow(a.time + b.time), narrow(a.data + b.data), narrow(a.item + b.item),
                narrow(a.money + b.money)};
    }
    friend constexpr Dimension operator/(Dimension a, Dimension b) {
        return {narrow(a.time - b.time), narrow(a.data - b.data), narrow(a.item - b.item),
                narrow(a.money - b.money)};
    }

    static constexpr std::int8_t narrow(int exponent) { return static_cast<std::int8_t>(exponent); }
};

/// A number with its dimension in the type. Quantity<Dimension{}> converts to and from double.
template <Dimension D>
class Quantity {
public:
    static constexpr Dimension dimension = D;

    constexpr Quantity() = default;
    constexpr explicit(D != Dimension{}) Quantity(double base_units) : value_(base_units) {}

    /// The number in base units (seconds, bytes, items, US dollars and their products).
    constexpr double value() const { return value_; }
    constexpr explicit(D != Dimension{}) operator double() const { return value_; }

    constexpr Quantity& operator+=(Quantity other) {
        value_ += other.value_;
        return *this;
    }
    constexpr Quantity& operator-=(Quantity other) {
        value_ -= other.value_;
        return *this;
    }
    constexpr Quantity& operator*=(double factor) {
        value_ *= factor;
        return *this;
    }
    constexpr Quantity& operator/=(double divisor) {
        value_ /= divisor;
        return *this;
    }
    constexpr Quantity operator-() const { return Quantity(-value_); }

    friend constexpr Quantity operator+(Quantity a, Quantity b) { return Quantity(a.value_ + b.value_); }
    friend constexpr Quantity operator-(Quantity a, Quantity b) { return Quantity(a.value_ - b.value_); }
    friend constexpr auto operator<=>(Quantity, Quantity) = default;

private:
    double value_ = 0;
};

template <Dimension A, Dimension B>
constexpr Quantity<A * B> operator*(Quantity<A> a, Quantity<B> b) {
    return Quantity<A * B>(a.value() * b.value());
}
template <Dimension A, Dimension B>
constexpr Quantity<A / B> operator/(Quantity<A> a, Quantity<B> b) {
    return Quantity<A / B>(a.value() / b.value());
}
template <Dimension D>
constexpr Quantity<D> operator*(double a, Quantity<D> b) {
    return Quantity<D>(a * b.value());
}
template <Dimension D>
constexpr Quantity<D> operator*(Quantity<D> a, double b) {
    return Quantity<D>(a.value() * b);
}
template <Dimension D>
constexpr Quantity<D> operator/(Quantity<D> a, double b) {
    return Quantity<D>(a.value() / b);
}

namespace dimensions {
inline constexpr Dimension none{};
inline constexpr Dimension time{.time = 1};
inline constexpr Dimension data{.data = 1};
inline constexpr Dimension item{.item = 1};
inline constexpr Dimension money{.money = 1};
inline constexpr Dimension frequency{.time = -1};
inline constexpr Dimension data_rate{.time = -1, .data = 1};
inline constexpr Dimension item_rate{.time = -1, .item = 1};
inline constexpr Dimension item_size{.data = 1, .item = -1};
inline constexpr Dimension money_rate{.time = -1, .money = 1};
inline constexpr Dimension money_per_data{.data = -1, .money = 1};
inline constexpr Dimension money_per_data_time{.time = -1, .data = -1, .money = 1};
inline constexpr Dimension money_per_item{.item = -1, .money = 1};
inline constexpr Dimension money_per_item_time{.time = -1, .item = -1, .money = 1};
}  // namespace dimensions

using Duration = Quantity<dimensions::time>;
using DataSize = Quantity<dimensions::data>;
using Items = Quantity<dimensions::item>;
using Money = Quantity<dimensions::money>;
using Frequency = Quantity<dimensions::frequency>;
using DataRate = Quantity<dimensions::data_rate>;
using ItemRate = Quantity<dimensions::item_rate>;
using ItemSize = Quantity<dimensions::item_size>;
using MoneyRate = Quantity<dimensions::money_rate>;

constexpr Duration seconds(double s) { return Duration(s); }
constexpr Duration milliseconds(double ms) { return Duration(ms * 1e-3); }
constexpr Duration minutes(double m) { return Duration(m * 60); }
constexpr Duration hours(double h) { return Duration(h * 3600); }
constexpr Duration days(double d) { return Duration(d * 86400); }
/// A month is 730 hours everywhere in Headroom, as on cloud bills; a year is 12 of them (365 days).
constexpr Duration months(double m) { return Duration(m * 730 * 3600); }
constexpr Duration years(double y) { return Duration(y * 8760 * 3600); }
constexpr DataSize bytes(double b) { return DataSize(b); }
constexpr DataSize gigabytes(double gb) { return DataSize(gb * 1e9); }
constexpr ItemRate per_second(double n) { return ItemRate(n); }
constexpr Money dollars(double d) { return Money(d); }

}  // namespace headroom::model
