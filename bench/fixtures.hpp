// What the benchmarks measure on: stores of a given size, made once a run and kept in one scratch
// folder.
#pragma once

#include <verso/store.hpp>

#include <benchmark/benchmark.h>

#include <cstdint>
#include <filesystem>
#include <string>

namespace bench {

/// The sizes of a document in the field: the median of a large public API description. Units:
/// bytes.
inline constexpr std::size_t document_bytes = 1100;

/// A folder of this run, which goes away at its end.
const std::filesystem::path& scratch_folder();

/// Copies a closed LMDB file page by page in order, and waits until that is on disk. So whatever
/// was loaded into it, and how, it starts without free pages, and the system writes nothing while
/// something is measured.
void settle(const std::filesystem::path& path);

/// A Setup for what is measured in microseconds: waits until what other benchmarks have left to be
/// written is on disk.
void flush_others(const benchmark::State&);

/// The bytes that a file takes, as it lies on disk.
std::uint64_t file_bytes(const std::filesystem::path& path);

/// `Operation000042`.
std::string resource_name(std::int64_t number);
/// `1.0.42`.
std::string version_name(std::int64_t number);

/// An Action of about document_bytes; another `revision`, another document of the same size.
verso::Document action_document(std::int64_t number, std::int64_t revision);

/// One connection, one version "base" with a number of resources, and some clones of it, each with
/// a few edits.
struct Fixture {
    verso::Store store;
    verso::ConnectionId connection;
    std::int64_t resources;
};

enum class Sync : std::uint8_t { durable, none };

/// How benchmark names say it: `durable`, `no_fsync`.
const char* to_string(Sync sync);

struct FixtureSize {
    std::int64_t resources = 0;
    std::int64_t versions = 0;  ///< Clones beside the base.
    Sync sync = Sync::none;
    const char* purpose = "";  ///< Fixtures of different purposes are not shared.
};

/// The store of that size. Made on first use (without fsync; then opened as asked), shared after.
Fixture& fixture(const FixtureSize& size);

/// Closes and removes all fixtures.
void forget_fixtures();

/// Takes the value, or ends the program with the error.
template <class T>
T expect(verso::Result<T> result) {
    return std::move(result).value();
}

}  // namespace bench
