// SQLite: a version as rows, cloned by INSERT ... SELECT.
#include "fixtures.hpp"

#include <sqlite3.h>

#include <map>
#include <memory>
#include <stdexcept>

namespace {

using bench::Sync;

class Sqlite {
public:
    Sqlite(const std::filesystem::path& path, Sync sync) {
        check(sqlite3_open(path.c_str(), &database_));
        run("PRAGMA journal_mode = WAL");
        run(sync == Sync::durable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = OFF");
        run("CREATE TABLE resource (version INTEGER, name TEXT, document TEXT, "
            "PRIMARY KEY (version, name)) WITHOUT ROWID");
    }
    ~Sqlite() { sqlite3_close(database_); }
    Sqlite(const Sqlite&) = delete;
    Sqlite& operator=(const Sqlite&) = delete;

    void run(const std::string& sql) {
        check(sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, nullptr));
    }

private:
    void check(int code) {
        if (code != SQLITE_OK) throw std::runtime_error(sqlite3_errmsg(database_));
    }
    sqlite3* database_ = nullptr;
};

Sqlite& rows(std::int64_t resources, Sync sync) {
    static std::map<std::pair<std::int64_t, Sync>, std::unique_ptr<Sqlite>> made;
    auto& sqlite = made[{resources, sync}];
    if (sqlite) return *sqlite;
    sqlite =
        std::make_unique<Sqlite>(bench::scratch_folder() / ("rows-" + std::to_string(resources) +
                                                            to_string(sync) + ".sqlite"),
                                 sync);
    sqlite->run("BEGIN");
    for (std::int64_t i = 0; i < resources; ++i)
        sqlite->run("INSERT INTO resource VALUES (0, '" + bench::resource_name(i) + "', '" +
                    bench::action_document(i, 0).text() + "')");
    sqlite->run("COMMIT");
    return *sqlite;
}

void deep_copy(benchmark::State& state, std::int64_t resources, Sync sync) {
    Sqlite& sqlite = rows(resources, sync);
    static std::int64_t version = 0;
    for (auto _ : state)
        sqlite.run("INSERT INTO resource SELECT " + std::to_string(++version) +
                   ", name, document FROM resource WHERE version = 0");
}

[[maybe_unused]] const bool registered = [] {
    for (const Sync sync : {Sync::durable, Sync::none})
        for (const std::int64_t resources : {3000, 10'000})
            benchmark::RegisterBenchmark(
                ("sqlite_deep_copy/resources:" + std::to_string(resources) + "/" + to_string(sync))
                    .c_str(),
                deep_copy, resources, sync)
                ->Setup(bench::flush_others)
                ->Iterations(5)
                ->UseRealTime();
    return true;
}();

}  // namespace
