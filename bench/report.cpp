// Reads what a run of the benchmarks wrote and prints it as Markdown: what verso must reach, as
// ratios within that run, then the median of every benchmark.
#include <boost/json.hpp>

#include <cstdio>
#include <fstream>
#include <iostream>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

namespace {

namespace json = boost::json;

struct Measured {
    double nanoseconds = 0;
    double variation = 0;  ///< Standard deviation to mean.
    std::map<std::string, double> counters;
};

using Measurements = std::map<std::string, Measured>;

double to_nanoseconds(double value, std::string_view unit) {
    if (unit == "us") return value * 1e3;
    if (unit == "ms") return value * 1e6;
    if (unit == "s") return value * 1e9;
    return value;
}

/// The benchmark's name without what the harness adds to it, but for the number of threads.
std::string plain(std::string name) {
    const auto threads_at = name.find("/threads:");
    const std::string threads = threads_at == std::string::npos ? "" : name.substr(threads_at);
    for (const char* added : {"/real_time", "/iterations:"})
        if (const auto at = name.find(added); at != std::string::npos) name.erase(at);
    return name + threads;
}

void add(Measurements& measurements, const json::object& entry) {
    const std::string aggregate(
        entry.contains("aggregate_name") ? entry.at("aggregate_name").as_string() : "");
    const std::string name = plain(std::string(entry.at("run_name").as_string()));
    const auto number = [&](const char* member) { return entry.at(member).to_number<double>(); };
    if (aggregate == "cv") measurements[name].variation = number("real_time");
    if (aggregate != "median") return;
    Measured& measured = measurements[name];
    measured.nanoseconds = to_nanoseconds(number("real_time"), entry.at("time_unit").as_string());
    for (const char* counter :
         {"bytes_per_clone", "stored_to_changed", "changed_bytes", "resources"})
        if (entry.contains(counter)) measured.counters[counter] = number(counter);
}

Measurements read(const json::object& results) {
    Measurements measurements;
    for (const json::value& entry : results.at("benchmarks").as_array())
        add(measurements, entry.as_object());
    return measurements;
}

std::string humane(double nanoseconds) {
    char text[64];
    if (nanoseconds < 1e3)
        std::snprintf(text, sizeof text, "%.0f ns", nanoseconds);
    else if (nanoseconds < 1e6)
        std::snprintf(text, sizeof text, "%.2f us", nanoseconds / 1e3);
    else
        std::snprintf(text, sizeof text, "%.2f ms", nanoseconds / 1e6);
    return text;
}

std::string decimals(double value) {
    char text[64];
    std::snprintf(text, sizeof text, value < 0.01 ? "%.6f" : "%.2f", value);
    return text;
}

/// A ratio of two medians that has an upper bound.
struct Ratio {
    const char* what;
    const char* ours;
    const char* other;
    double at_most;
};

constexpr Ratio ratios[] = {
    {"clone, durable, to one raw LMDB put + commit, 3,000 resources",
     "clone/resources:3000/durable", "lmdb_put/resources:3000/durable", 1.3},
    {"clone, no fsync, to the same without fsync", "clone/resources:3000/no_fsync",
     "lmdb_put/resources:3000/no_fsync", 3},
    {"clone at 1,000,000 resources to clone at 10, durable", "clone/resources:1000000/durable",
     "clone/resources:10/durable", 1.3},
    {"clone at 1,000,000 resources to clone at 10, no fsync", "clone/resources:1000000/no_fsync",
     "clone/resources:10/no_fsync", 1.3},
    {"clone with 1,000,000 versions to clone with 10, durable", "clone/versions:1000000/durable",
     "clone/versions:10/durable", 1.3},
    {"clone with 1,000,000 versions to clone with 10, no fsync", "clone/versions:1000000/no_fsync",
     "clone/versions:10/no_fsync", 2.5},
    {"  beside it: a raw LMDB put with 1,000,000 records to one with 10, no fsync",
     "lmdb_put/versions:1000000/no_fsync", "lmdb_put/versions:10/no_fsync", 0},
    {"clone of 10,000 resources, no fsync, to SQLite's INSERT ... SELECT",
     "clone/resources:10000/no_fsync", "sqlite_deep_copy/resources:10000/no_fsync", 0.001},
    {"  beside it: to a deep copy by LMDB cursor", "clone/resources:10000/no_fsync",
     "lmdb_deep_copy/resources:10000/no_fsync", 0},
    {"edit one resource of 3,000 and commit, no fsync, to one raw put and commit",
     "edit_one/resources:3000/no_fsync", "lmdb_edit_one/resources:3000/no_fsync", 6},
    {"read one resource at 3,000 x 100 versions, to a raw LMDB get from flat rows",
     "read_random/resources:3000/versions:100", "lmdb_read_random/resources:3000/versions:100",
     1.2},
    {"edit by 32 threads to edit by one, durable, time per edit", "edit_threads/durable/threads:32",
     "edit_threads/durable/threads:1", 0.1},
    {"99th percentile of edits beside a large drop to that before it, durable",
     "edit_beside_drop/drop_with_writes/durable", "edit_beside_drop/nothing/durable", 2},
    {"the same, no fsync", "edit_beside_drop/drop_with_writes/no_fsync",
     "edit_beside_drop/nothing/no_fsync", 2},
    {"the same beside collect_garbage(), durable", "edit_beside_drop/collect_garbage/durable",
     "edit_beside_drop/nothing/durable", 2},
    {"the same, no fsync", "edit_beside_drop/collect_garbage/no_fsync",
     "edit_beside_drop/nothing/no_fsync", 2},
};

/// A figure that has an upper bound by itself.
struct Bound {
    const char* what;
    const char* benchmark;
    const char* counter;  ///< none: the median, in milliseconds
    double at_most;
    const char* unit;
};

constexpr Bound bounds[] = {
    {"bytes that the file grows per clone, over 10,000 clones", "clone_bytes", "bytes_per_clone",
     600, ""},
    {"compare two versions of 1,000,000 resources that differ in 10",
     "diff_few/changes:10/resources/1000000", nullptr, 0.5, " ms"},
    {"merge 50 changes on each side, 100,000 resources, no fsync",
     "merge/resources:100000/changes:50", nullptr, 5, " ms"},
    {"read a log of 10,000 commits", "log/commits/10000", nullptr, 10, " ms"},
    {"delete a clone of 100,000 resources with 10 edits, no fsync",
     "delete_clone/resources:100000/edits:10/no_fsync", nullptr, 1, " ms"},
    {"export of 10,000 documents of 1.1 KB as a bundle: 100 MB/s", "bundle_export", nullptr, 110,
     " ms"},
    {"import of that bundle, no fsync: 100 MB/s", "bundle_import", nullptr, 110, " ms"},
    {"import of a large API description into a new version, no fsync", "import/first", nullptr, 150,
     " ms"},
    {"the next release on top of it: payload bytes stored to bytes of the resources that changed",
     "import/next", "stored_to_changed", 1.05, ""},
};

/// What one median may be above another.
struct Surplus {
    const char* what;
    const char* ours;
    const char* other;
    double at_most_us;
};

constexpr Surplus surpluses[] = {
    {"GET of one Action: what the HTTP adapter adds to the library's call", "http_get/adapter",
     "http_get/library", 10},
    {"POST of a clone of 3,000 resources, no fsync: what the HTTP adapter adds",
     "http_clone/adapter", "http_clone/library", 50},
};

void print_row(const std::string& what, const std::string& at_most, const std::string& measured,
               const std::string& raw) {
    std::cout << "| " << what << " | " << at_most << " | " << measured << " | " << raw << " |\n";
}

void print_bounds(const Measurements& measurements) {
    std::cout << "| what | at most | measured | medians |\n|---|---|---|---|\n";
    for (const Ratio& ratio : ratios) {
        const auto ours = measurements.find(ratio.ours);
        const auto other = measurements.find(ratio.other);
        if (ours == measurements.end() || other == measurements.end()) continue;
        print_row(ratio.what, ratio.at_most > 0 ? decimals(ratio.at_most) : "",
                  decimals(ours->second.nanoseconds / other->second.nanoseconds),
                  humane(ours->second.nanoseconds) + " / " + humane(other->second.nanoseconds));
    }
    for (const Surplus& surplus : surpluses) {
        const auto ours = measurements.find(surplus.ours);
        const auto other = measurements.find(surplus.other);
        if (ours == measurements.end() || other == measurements.end()) continue;
        const double added = ours->second.nanoseconds - other->second.nanoseconds;
        print_row(surplus.what, decimals(surplus.at_most_us) + " us", humane(added),
                  humane(ours->second.nanoseconds) + " - " + humane(other->second.nanoseconds));
    }
    for (const Bound& bound : bounds) {
        const auto found = measurements.find(bound.benchmark);
        if (found == measurements.end()) continue;
        const double value = bound.counter ? found->second.counters.at(bound.counter)
                                           : found->second.nanoseconds / 1e6;
        print_row(bound.what, decimals(bound.at_most) + bound.unit, decimals(value) + bound.unit,
                  "");
    }
}

void print_all(const Measurements& measurements) {
    std::cout << "\n| benchmark | median | deviation |\n|---|---|---|\n";
    for (const auto& [name, measured] : measurements)
        std::cout << "| " << name << " | " << humane(measured.nanoseconds) << " | "
                  << decimals(100 * measured.variation) << " % |\n";
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::cerr << "usage: verso_bench_report RESULTS.json\n";
        return 2;
    }
    std::ifstream in(argv[1]);
    std::ostringstream text;
    text << in.rdbuf();
    try {
        const Measurements measurements = read(json::parse(text.str()).as_object());
        print_bounds(measurements);
        print_all(measurements);
    } catch (const std::exception& error) {
        std::cerr << argv[1] << " is no result of the benchmarks: " << error.what() << "\n";
        return 1;
    }
}
