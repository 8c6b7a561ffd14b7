// Goal: whichever call to the system fails, for lack of room or for good, the write that needed it
// fails with an error that says so, nothing is half done, and once the fault is gone the store goes
// on.
// Method: one run, again and again, of which each time another call fails, once. COUNT: the steps
// of the run.
#include <verso/store.hpp>

#include "soak/soak.hpp"
#include "soak/worker.hpp"
#include "storage/system_calls.hpp"
#include "storage/temporary_folder.hpp"

#include <array>
#include <cerrno>
#include <map>
#include <set>
#include <utility>

using namespace verso;
using namespace verso::soak;

namespace {

constexpr std::size_t workers = 2;

struct Fault {
    int answer;  ///< Of the call.
    const char* name;
    std::set<Errc> errors;  ///< That a write may fail with then.
};

const std::array<Fault, 4> faults{{
    {ENOSPC, "ENOSPC", {Errc::disk_full}},
    {EDQUOT, "EDQUOT", {Errc::disk_full}},
    {EIO, "EIO", {Errc::io_failed}},
    {storage::fall_short, "a short write", {Errc::io_failed, Errc::disk_full}},
}};

Worker worker(Store& store, ConnectionId connection, std::size_t number) {
    return {store, connection, std::to_string(number),
            number == 0 ? Worker::Steps::simple : Worker::Steps::compound};
}

/// A store to begin with, and its connection.
struct Beginning {
    std::string bytes;
    ConnectionId connection;
};

Beginning create(const std::filesystem::path& path) {
    Store store = Store::open(path, {.durability = Durability::none}).value();
    const Connection connection = store.create_connection({}, {.name = "Soak"}).value();
    for (std::size_t each = 0; each < workers; ++each) {
        store.create_version(connection.id, {.name = std::to_string(each)}).value();
        Worker work = worker(store, connection.id, each);
        for (std::uint64_t step = 1; step <= 10; ++step) work.take(step);
    }
    return {read_file(path), connection.id};
}

/// What a run met with.
struct Met {
    std::uint64_t calls = 0;  ///< To the system, that write.
    std::uint64_t errors = 0;
};

/// Takes so many steps in a copy of the beginning while its `at`-th call meets the fault.
Met run_once(const Beginning& beginning, const std::filesystem::path& path, std::uint64_t steps,
             const Fault& fault, std::uint64_t at) {
    write_store(path, beginning.bytes);
    Met met;
    std::string failing;
    std::map<std::size_t, std::uint64_t> acknowledged;
    auto opened = Store::open(path, {.create = false, .history = {.max_commits = 4}});
    expect(opened.has_value(), "the copy does not open");
    Store store = std::move(opened).value();
    const auto check = [&](std::uint64_t begun) {
        for (std::size_t each = 0; each < workers; ++each)
            worker(store, beginning.connection, each)
                .check(store.snapshot().value(), acknowledged[each], begun);
    };
    {
        const storage::WatchedCalls watched([&](const storage::SystemCall& call) {
            if (++met.calls != at) return 0;
            failing = std::string(call.name) + " at " + std::to_string(call.offset);
            return fault.answer;
        });
        for (std::uint64_t step = 11; step < 11 + steps; ++step)
            for (std::size_t each = 0; each < workers; ++each) {
                Worker work = worker(store, beginning.connection, each);
                const auto taken = work.try_step(step);
                if (taken) {
                    acknowledged[each] = step;
                    continue;
                }
                ++met.errors;
                expect(fault.errors.contains(taken.error().code),
                       std::string(fault.name) + " of " + failing + " became " +
                           std::string(name(taken.error().code)) + ": " + taken.error().message);
                check(step);
                work.take(step);  // the fault is gone
                acknowledged[each] = step;
            }
    }
    check(10 + steps);
    check_sound(store);
    return met;
}

std::string meet_faults(const Plan& plan) {
    const storage::TemporaryFolder folder;
    const Beginning beginning = create(folder / "beginning.verso");
    const auto run = [&](const Fault& fault, std::uint64_t at) {
        return run_once(beginning, folder / "run.verso", plan.count, fault, at);
    };
    const std::uint64_t calls = run(faults.front(), 0).calls;
    expect(calls > 10 * plan.count, "the run makes hardly any calls, so nothing is tried");
    std::uint64_t errors = 0;
    for (const Fault& fault : faults)
        for (std::uint64_t at = 1; at <= calls; ++at) errors += run(fault, at).errors;
    expect(errors > calls, "hardly any fault was noticed, which cannot be");
    return std::to_string(calls) + " calls of a run of " + std::to_string(plan.count * workers) +
           " changes, each failed in " + std::to_string(faults.size()) +
           " ways: " + std::to_string(errors) +
           " errors, each told as what it was, and the store went on";
}

}  // namespace

int main(int argc, char** argv) { return run(argc, argv, 6, meet_faults); }
