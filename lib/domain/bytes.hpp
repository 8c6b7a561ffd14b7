// Bytes as the store keeps them: fixed-width integers and length-prefixed strings, written by a
// ByteWriter and read back, with every bound checked, by a ByteReader. Integers in values are
// little-endian; those in keys are big-endian, so that keys sort by number.
#pragma once

#include "domain/failure.hpp"

#include <bit>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace verso {

/// Bytes that somebody else owns. Compared as unsigned bytes, a prefix before what it begins.
using BytesView = std::string_view;

namespace detail {

template <std::unsigned_integral T>
[[nodiscard]] constexpr T swap_bytes(T value) noexcept {
    T swapped = 0;
    for (std::size_t i = 0; i < sizeof(T);
         ++i, value = static_cast<T>(value >> (sizeof(T) > 1 ? 8 : 0)))
        swapped = static_cast<T>((static_cast<std::uint64_t>(swapped) << 8) | (value & 0xff));
    return swapped;
}

}  // namespace detail

/// The little-endian integer at `at`. Requires: sizeof(T) readable bytes.
template <std::unsigned_integral T>
[[nodiscard]] T load_le(const char* at) noexcept {
    T value;
    std::memcpy(&value, at, sizeof value);
    if constexpr (std::endian::native == std::endian::big) value = detail::swap_bytes(value);
    return value;
}

/// The big-endian integer at `at`. Requires: sizeof(T) readable bytes.
template <std::unsigned_integral T>
[[nodiscard]] T load_be(const char* at) noexcept {
    T value;
    std::memcpy(&value, at, sizeof value);
    if constexpr (std::endian::native == std::endian::little) value = detail::swap_bytes(value);
    return value;
}

/// Appends to a string of bytes.
class ByteWriter {
public:
    ByteWriter() = default;
    explicit ByteWriter(std::size_t expected_bytes) { out_.reserve(expected_bytes); }

    template <std::unsigned_integral T>
    ByteWriter& le(T value) {
        if constexpr (std::endian::native == std::endian::big) value = detail::swap_bytes(value);
        return raw(&value, sizeof value);
    }
    template <std::unsigned_integral T>
    ByteWriter& be(T value) {
        if constexpr (std::endian::native == std::endian::little) value = detail::swap_bytes(value);
        return raw(&value, sizeof value);
    }
    ByteWriter& bytes(BytesView bytes) { return raw(bytes.data(), bytes.size()); }
    /// A 32-bit length, then the bytes.
    ByteWriter& sized(BytesView text) {
        return le(static_cast<std::uint32_t>(text.size())).bytes(text);
    }

    [[nodiscard]] BytesView view() const noexcept { return out_; }
    [[nodiscard]] std::size_t size() const noexcept { return out_.size(); }
    [[nodiscard]] std::string take() { return std::move(out_); }

private:
    ByteWriter& raw(const void* data, std::size_t size) {
        out_.append(static_cast<const char*>(data), size);
        return *this;
    }
    std::string out_;
};

/// Reads what a ByteWriter wrote. Fails with corrupt where the bytes end too soon.
class ByteReader {
public:
    explicit ByteReader(BytesView bytes) noexcept : rest_(bytes) {}

    template <std::unsigned_integral T>
    T le() {
        return load_le<T>(bytes(sizeof(T)).data());
    }
    template <std::unsigned_integral T>
    T be() {
        return load_be<T>(bytes(sizeof(T)).data());
    }
    BytesView bytes(std::size_t size) {
        if (rest_.size() < size) fail(Errc::corrupt, "a stored value ends too soon; run verify");
        const BytesView taken = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return taken;
    }
    BytesView sized() { return bytes(le<std::uint32_t>()); }

    [[nodiscard]] BytesView rest() const noexcept { return rest_; }
    [[nodiscard]] bool empty() const noexcept { return rest_.empty(); }

private:
    BytesView rest_;
};

}  // namespace verso
