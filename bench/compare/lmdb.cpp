// Raw LMDB, as a host would use it without verso: rows under (version, name). What one put and
// commit, a deep copy by cursor, a get and a scan cost.
#include "read_plan.hpp"

#include <lmdb.h>

#include <cstring>
#include <map>
#include <memory>
#include <random>
#include <stdexcept>

namespace {

using bench::Sync;

void check(int code) {
    if (code != 0) throw std::runtime_error(mdb_strerror(code));
}

/// An environment with one table.
class Lmdb {
public:
    Lmdb(const std::filesystem::path& path, Sync sync) {
        check(mdb_env_create(&environment_));
        check(mdb_env_set_mapsize(environment_, std::size_t{1} << 36));
        const unsigned flags = MDB_NOSUBDIR | MDB_NOTLS | (sync == Sync::none ? MDB_NOSYNC : 0);
        check(mdb_env_open(environment_, path.c_str(), flags, 0644));
        MDB_txn* transaction = begin();
        check(mdb_dbi_open(transaction, nullptr, 0, &table_));
        check(mdb_txn_commit(transaction));
    }
    ~Lmdb() { mdb_env_close(environment_); }
    Lmdb(const Lmdb&) = delete;
    Lmdb& operator=(const Lmdb&) = delete;

    MDB_txn* begin(unsigned flags = 0) {
        MDB_txn* transaction = nullptr;
        check(mdb_txn_begin(environment_, nullptr, flags, &transaction));
        return transaction;
    }
    void put(MDB_txn* transaction, const std::string& key, const std::string& value) {
        MDB_val k{key.size(), const_cast<char*>(key.data())};
        MDB_val v{value.size(), const_cast<char*>(value.data())};
        check(mdb_put(transaction, table_, &k, &v, 0));
    }
    /// Uses every row once, so that a page's first use is not measured.
    void read_all() {
        MDB_txn* transaction = begin(MDB_RDONLY);
        MDB_cursor* cursor = nullptr;
        check(mdb_cursor_open(transaction, table_, &cursor));
        MDB_val key{};
        MDB_val value{};
        while (mdb_cursor_get(cursor, &key, &value, MDB_NEXT) == 0)
            benchmark::DoNotOptimize(*static_cast<const char*>(value.mv_data));
        mdb_cursor_close(cursor);
        mdb_txn_abort(transaction);
    }
    [[nodiscard]] MDB_dbi table() const { return table_; }

private:
    MDB_env* environment_ = nullptr;
    MDB_dbi table_ = 0;
};

/// A version's id, as rows of flat tables have it: 16 bytes.
std::string version_id(std::int64_t number) {
    std::mt19937_64 random(static_cast<std::uint64_t>(number));
    const std::uint64_t halves[] = {random(), random()};
    return {reinterpret_cast<const char*>(halves), sizeof halves};
}

std::string row_key(std::int64_t version, const std::string& name) {
    return version_id(version) + name;
}

/// A table with so many rows of versions' documents.
Lmdb& flat_rows(std::int64_t versions, std::int64_t resources, Sync sync, const char* purpose) {
    static std::map<std::string, std::unique_ptr<Lmdb>> made;
    const std::string name = "raw-" + std::to_string(versions) + "-" + std::to_string(resources) +
                             "-" + to_string(sync) + "-" + purpose + ".lmdb";
    auto& lmdb = made[name];
    if (lmdb) return *lmdb;
    lmdb = std::make_unique<Lmdb>(bench::scratch_folder() / name, Sync::none);
    for (std::int64_t version = 0; version < versions; ++version) {
        MDB_txn* transaction = lmdb->begin();
        for (std::int64_t i = 0; i < resources; ++i)
            lmdb->put(transaction, row_key(version, bench::resource_name(i)),
                      bench::action_document(i, 0).text());
        check(mdb_txn_commit(transaction));
    }
    lmdb.reset();
    bench::settle(bench::scratch_folder() / name);
    lmdb = std::make_unique<Lmdb>(bench::scratch_folder() / name, sync);
    lmdb->read_all();
    return *lmdb;
}

/// A table with so many small records under random keys.
Lmdb& small_records(std::int64_t records, Sync sync) {
    static std::map<std::pair<std::int64_t, Sync>, std::unique_ptr<Lmdb>> made;
    auto& lmdb = made[{records, sync}];
    if (lmdb) return *lmdb;
    const auto path = bench::scratch_folder() /
                      ("raw-small-" + std::to_string(records) + to_string(sync) + ".lmdb");
    lmdb = std::make_unique<Lmdb>(path, Sync::none);
    for (std::int64_t from = 0; from < records; from += 20'000) {
        MDB_txn* transaction = lmdb->begin();
        for (std::int64_t i = from; i < std::min(records, from + 20'000); ++i)
            lmdb->put(transaction, version_id(i), std::string(160, 'v'));
        check(mdb_txn_commit(transaction));
    }
    lmdb.reset();
    bench::settle(path);
    lmdb = std::make_unique<Lmdb>(path, sync);
    lmdb->read_all();
    return *lmdb;
}

constexpr std::int64_t puts = 500;

/// One small record (of the size of a version's) under a random key, and its commit, time after
/// time.
void put_commit(benchmark::State& state, Lmdb& lmdb, const std::string& value) {
    static std::int64_t number = 1'000'000'000;
    const std::int64_t first = number;
    for (auto _ : state) {
        const std::string key = version_id(++number);
        MDB_txn* transaction = lmdb.begin();
        lmdb.put(transaction, key, value);
        check(mdb_txn_commit(transaction));
    }
    MDB_txn* transaction = lmdb.begin();  // so that the table stays of the size that the name says
    for (std::int64_t each = first + 1; each <= number; ++each) {
        std::string key = version_id(each);
        MDB_val k{key.size(), key.data()};
        check(mdb_del(transaction, lmdb.table(), &k, nullptr));
    }
    check(mdb_txn_commit(transaction));
}

void put_beside_resources(benchmark::State& state, std::int64_t resources, Sync sync) {
    put_commit(state, flat_rows(1, resources, sync, "put"), std::string(160, 'v'));
}

void put_beside_records(benchmark::State& state, std::int64_t records, Sync sync) {
    put_commit(state, small_records(records, sync), std::string(160, 'v'));
}

/// One payload in place of another, and its commit.
void edit_one(benchmark::State& state, Sync sync) {
    Lmdb& lmdb = flat_rows(1, 3000, sync, "edit");
    static std::int64_t revision = 0;
    std::vector<std::pair<std::string, std::string>> rows;
    for (std::int64_t i = 0; i < state.max_iterations; ++i) {
        const std::int64_t number = i * 997 % 3000;
        rows.emplace_back(row_key(0, bench::resource_name(number)),
                          bench::action_document(number, ++revision).text());
    }
    auto next = rows.cbegin();
    for (auto _ : state) {
        MDB_txn* transaction = lmdb.begin();
        lmdb.put(transaction, next->first, next->second);
        check(mdb_txn_commit(transaction));
        ++next;
    }
}

/// What a platform does that clones by copying: every row of a version again, under the new one.
void deep_copy(benchmark::State& state, std::int64_t resources, Sync sync) {
    Lmdb& lmdb = flat_rows(1, resources, sync, "copy");
    const std::string source = version_id(0);
    std::int64_t copy = 0;
    for (auto _ : state) {
        const std::string target = version_id(++copy);
        MDB_txn* transaction = lmdb.begin();
        MDB_cursor* cursor = nullptr;
        check(mdb_cursor_open(transaction, lmdb.table(), &cursor));
        MDB_val key{source.size(), const_cast<char*>(source.data())};
        MDB_val value{};
        for (int code = mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE); code == 0;
             code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) {
            const std::string_view row(static_cast<const char*>(key.mv_data), key.mv_size);
            if (!row.starts_with(source)) break;
            lmdb.put(transaction, target + std::string(row.substr(source.size())),
                     std::string(static_cast<const char*>(value.mv_data), value.mv_size));
        }
        mdb_cursor_close(cursor);
        check(mdb_txn_commit(transaction));
    }
}

void read_random(benchmark::State& state) {
    Lmdb& lmdb = flat_rows(bench::read_versions, bench::read_resources, Sync::none, "read");
    std::vector<std::string> ids;
    for (std::int64_t i = 0; i < bench::read_versions; ++i) ids.push_back(version_id(i));
    MDB_txn* transaction = lmdb.begin(MDB_RDONLY);
    bench::ReadPlan plan;
    for (auto _ : state) {
        const bench::Read& read = plan.next();
        std::string key = ids[static_cast<std::size_t>(read.version_number)] + read.resource;
        MDB_val k{key.size(), key.data()};
        MDB_val value{};
        check(mdb_get(transaction, lmdb.table(), &k, &value));
        std::string document(static_cast<const char*>(value.mv_data), value.mv_size);
        benchmark::DoNotOptimize(document);
    }
    mdb_txn_abort(transaction);
}

void scan(benchmark::State& state) {
    Lmdb& lmdb = flat_rows(bench::read_versions, bench::read_resources, Sync::none, "read");
    const std::string id = version_id(7);
    MDB_txn* transaction = lmdb.begin(MDB_RDONLY);
    std::size_t bytes = 0;
    for (auto _ : state) {
        MDB_cursor* cursor = nullptr;
        check(mdb_cursor_open(transaction, lmdb.table(), &cursor));
        MDB_val key{id.size(), const_cast<char*>(id.data())};
        MDB_val value{};
        for (int code = mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE); code == 0;
             code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) {
            if (std::memcmp(key.mv_data, id.data(), id.size()) != 0) break;
            bytes += value.mv_size;
        }
        mdb_cursor_close(cursor);
    }
    benchmark::DoNotOptimize(bytes);
    mdb_txn_abort(transaction);
    state.SetItemsProcessed(state.iterations() * bench::read_resources);
}

[[maybe_unused]] const bool registered = [] {
    for (const Sync sync : {Sync::durable, Sync::none}) {
        const std::string end = std::string("/") + to_string(sync);
        benchmark::RegisterBenchmark(("lmdb_put/resources:3000" + end).c_str(),
                                     put_beside_resources, 3000, sync)
            ->Setup(bench::flush_others)
            ->Iterations(puts)
            ->UseRealTime();
        for (const std::int64_t records : {10, 1000, 1'000'000})
            benchmark::RegisterBenchmark(
                ("lmdb_put/versions:" + std::to_string(records) + end).c_str(), put_beside_records,
                records, sync)
                ->Setup(bench::flush_others)
                ->Iterations(puts)
                ->UseRealTime();
        benchmark::RegisterBenchmark(("lmdb_edit_one/resources:3000" + end).c_str(), edit_one, sync)
            ->Setup(bench::flush_others)
            ->Iterations(puts)
            ->UseRealTime();
        for (const std::int64_t resources : {3000, 10'000})
            benchmark::RegisterBenchmark(
                ("lmdb_deep_copy/resources:" + std::to_string(resources) + end).c_str(), deep_copy,
                resources, sync)
                ->Setup(bench::flush_others)
                ->Iterations(5)
                ->UseRealTime();
    }
    benchmark::RegisterBenchmark("lmdb_read_random/resources:3000/versions:100", read_random);
    benchmark::RegisterBenchmark("lmdb_scan/resources:3000", scan);
    return true;
}();

}  // namespace
