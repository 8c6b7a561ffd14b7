#include "fixtures.hpp"

#include <lmdb.h>
#include <unistd.h>

#include <cstdio>
#include <map>
#include <memory>
#include <stdexcept>
#include <tuple>

namespace bench {

namespace {

using verso::Draft;
using verso::Kind;
using verso::Result;
using verso::Transaction;

/// Resources in one commit: so many that a million take a moment, so few that a commit stays small.
constexpr std::int64_t batch = 20'000;

void put_resources(verso::Store& store, verso::ConnectionId connection, std::int64_t count) {
    for (std::int64_t from = 0; from < count; from += batch) {
        const std::int64_t to = std::min(count, from + batch);
        expect(store.edit({connection, "base"}, [&](Draft& draft) -> Result<void> {
            for (std::int64_t i = from; i < to; ++i)
                static_cast<void>(draft.put(Kind::action, action_document(i, 0)).value());
            return {};
        }));
    }
}

void clone_versions(verso::Store& store, verso::ConnectionId connection, std::int64_t count) {
    for (std::int64_t from = 0; from < count; from += batch) {
        expect(store.write([&](Transaction& transaction) -> Result<void> {
            for (std::int64_t i = from; i < std::min(count, from + batch); ++i) {
                const verso::NewVersion clone{.name = version_name(i), .from_version = "base"};
                static_cast<void>(transaction.create_version(connection, clone).value());
            }
            return {};
        }));
    }
}

std::filesystem::path path_of(const FixtureSize& size) {
    return scratch_folder() /
           (std::to_string(size.resources) + "-" + std::to_string(size.versions) + "-" +
            to_string(size.sync) + "-" + size.purpose + ".verso");
}

std::unique_ptr<Fixture> make(const FixtureSize& size) {
    const auto path = path_of(size);
    verso::Options options{.durability = verso::Durability::none};
    verso::ConnectionId connection;
    {
        verso::Store store = expect(verso::Store::open(path, options));
        connection = expect(store.create_connection({}, {.name = "Bench"})).id;
        expect(store.create_version(connection, {.name = "base"}));
        put_resources(store, connection, size.resources);
        clone_versions(store, connection, size.versions);
    }
    settle(path);
    if (size.sync == Sync::durable) options.durability = verso::Durability::full;
    auto made = std::make_unique<Fixture>(
        Fixture{expect(verso::Store::open(path, options)), connection, size.resources});
    // Every version is read once, as a running service has: a page's first use is not measured.
    expect(expect(made->store.snapshot()).versions(connection));
    return made;
}

using Key = std::tuple<std::int64_t, std::int64_t, Sync, std::string>;
std::map<Key, std::unique_ptr<Fixture>>& fixtures() {
    static std::map<Key, std::unique_ptr<Fixture>> made;
    return made;
}

}  // namespace

const std::filesystem::path& scratch_folder() {
    static const std::filesystem::path folder = [] {
        auto made =
            std::filesystem::temp_directory_path() / ("verso-bench-" + std::to_string(::getpid()));
        std::filesystem::create_directories(made);
        return made;
    }();
    return folder;
}

void settle(const std::filesystem::path& path) {
    const std::filesystem::path copy = path.string() + ".compact";
    MDB_env* environment = nullptr;
    const bool copied =
        mdb_env_create(&environment) == 0 &&
        mdb_env_open(environment, path.c_str(), MDB_NOSUBDIR | MDB_RDONLY, 0) == 0 &&
        mdb_env_copy2(environment, copy.c_str(), MDB_CP_COMPACT) == 0;
    mdb_env_close(environment);
    if (!copied) throw std::runtime_error("a store of the benchmarks cannot be copied");
    std::filesystem::rename(copy, path);
    ::sync();
}

void flush_others(const benchmark::State&) { ::sync(); }

std::uint64_t file_bytes(const std::filesystem::path& path) {
    return std::filesystem::file_size(path);
}

std::string resource_name(std::int64_t number) {
    char name[32];
    std::snprintf(name, sizeof name, "Operation%06lld", static_cast<long long>(number));
    return name;
}

std::string version_name(std::int64_t number) { return "1.0." + std::to_string(number); }

verso::Document action_document(std::int64_t number, std::int64_t revision) {
    const std::string name = resource_name(number);
    std::string text =
        R"({"name":")" + name + R"(","type":"http","method":"GET","path":"/items/)" + name +
        R"(/{{ param.id }}","parameters":[{"name":"id","in":"path","required":true,)"
        R"("type":"string"}],"responses":[{"status":200,"definitions":[]}],"x-revision":)" +
        std::to_string(1'000'000'000 + revision) + R"(,"description":")";
    while (text.size() < document_bytes - 2) text += "abcdefgh ijklmno "[text.size() % 17];
    return expect(verso::Document::parse(text + "\"}"));
}

const char* to_string(Sync sync) { return sync == Sync::durable ? "durable" : "no_fsync"; }

Fixture& fixture(const FixtureSize& size) {
    auto& made = fixtures()[{size.resources, size.versions, size.sync, size.purpose}];
    if (!made) made = make(size);
    return *made;
}

void forget_fixtures() {
    fixtures().clear();
    std::filesystem::remove_all(scratch_folder());
}

}  // namespace bench
