// How the storage tests say what they expect.
#pragma once

#include "domain/failure.hpp"
#include "storage/storage.hpp"

#include <catch2/catch.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace verso::storage {

/// The Error that `body` fails with, if it does.
template <class Body>
std::optional<Error> failure_of(Body&& body) {
    try {
        static_cast<void>(std::forward<Body>(body)());
    } catch (const Failure& failure) {
        return failure.error;
    }
    return std::nullopt;
}

/// Fails with the code, and a message in which each of the words stands.
template <class Body>
void expect_failure(Errc code, const std::vector<std::string>& words, Body&& body) {
    const auto error = failure_of(std::forward<Body>(body));
    REQUIRE(error.has_value());
    INFO(error->message);
    CHECK(name(error->code) == name(code));
    for (const std::string& word : words) CHECK_THAT(error->message, Catch::Contains(word));
}

inline void put(Storage& storage, BytesView key, BytesView value) {
    const auto transaction = storage.begin_write({});
    transaction->put(Table::records, key, value);
    transaction->commit();
}

inline void append(Storage& storage, ChunkId id, BytesView bytes) {
    const auto transaction = storage.begin_write({});
    transaction->append(ChunkKind::node, id, bytes);
    transaction->commit();
}

/// The value under a key of the records, as a moment of its own sees it.
inline std::optional<std::string> get(Storage& storage, BytesView key) {
    const auto transaction = storage.begin_read();
    const auto value = transaction->find(Table::records, key);
    return value ? std::optional<std::string>(*value) : std::nullopt;
}

}  // namespace verso::storage
