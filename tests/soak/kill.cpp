// Goal: whoever is killed, at whatever moment, loses nothing that was acknowledged, leaves nothing
// half done, and keeps nobody from going on.
// Method: two processes of four threads write to one store and say in shared memory what they have
// begun and what was acknowledged. Both are killed, or one and then, when the other has gone on,
// that one. Then the store is opened, verified, and compared with what they said. COUNT: kills.
#include <verso/store.hpp>

#include "soak/soak.hpp"
#include "soak/worker.hpp"
#include "storage/temporary_folder.hpp"

#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <new>
#include <optional>
#include <thread>
#include <vector>

using namespace verso;
using namespace verso::soak;

namespace {

constexpr std::size_t processes = 2;
constexpr std::size_t threads = 4;

using Ledgers = std::array<std::array<Ledger, threads>, processes>;

/// Memory that a killed process leaves to its parent.
class SharedLedgers {
public:
    SharedLedgers() {
        void* const memory = ::mmap(nullptr, sizeof(Ledgers), PROT_READ | PROT_WRITE,
                                    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED) throw std::runtime_error("no shared memory");
        ledgers_ = new (memory) Ledgers;
    }
    ~SharedLedgers() { ::munmap(ledgers_, sizeof(Ledgers)); }
    SharedLedgers(const SharedLedgers&) = delete;
    SharedLedgers& operator=(const SharedLedgers&) = delete;

    [[nodiscard]] Ledgers& operator*() const noexcept { return *ledgers_; }

private:
    Ledgers* ledgers_;
};

const Options options{.history = {.max_commits = 4}};

std::string version_name(std::size_t process, std::size_t thread) {
    return std::to_string(process) + '.' + std::to_string(thread);
}

Worker worker(Store& store, std::size_t process, std::size_t thread) {
    const auto connection = store.snapshot().value().find_connection({}, "Soak").value();
    return {store, connection.value().id, version_name(process, thread),
            thread % 2 == 0 ? Worker::Steps::simple : Worker::Steps::compound};
}

/// Writes until the process is killed.
[[noreturn]] void write_for_ever(const std::filesystem::path& path, std::size_t process,
                                 Ledgers& ledgers) {
    Store store = Store::open(path, options).value();
    std::vector<std::thread> writers;
    for (std::size_t thread = 0; thread < threads; ++thread)
        writers.emplace_back([&, thread] {
            Ledger& ledger = ledgers[process][thread];
            Worker work = worker(store, process, thread);
            for (std::uint64_t step = ledger.begun + 1;; ++step) {
                ledger.begun = step;
                work.take(step);
                ledger.acknowledged = step;
            }
        });
    for (std::thread& writer : writers) writer.join();
    ::_exit(1);
}

class Process {
public:
    Process(const std::filesystem::path& path, std::size_t number, Ledgers& ledgers)
        : ledgers_(ledgers[number]), id_(::fork()) {
        if (id_ < 0) throw std::runtime_error("no child process");
        if (id_ == 0) write_for_ever(path, number, ledgers);
    }
    ~Process() {
        if (id_ > 0) kill();
    }
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    /// Waits until every thread of it has had so many more steps acknowledged.
    void wait_for(std::uint64_t steps) const {
        const auto ends = std::chrono::steady_clock::now() + std::chrono::seconds(60);
        for (const Ledger& ledger : ledgers_)
            for (const std::uint64_t goal = ledger.acknowledged + steps;
                 ledger.acknowledged < goal;) {
                expect(std::chrono::steady_clock::now() < ends,
                       "a process does not go on, though nobody else is there");
                std::this_thread::sleep_for(std::chrono::microseconds(200));
            }
    }

    void kill() {
        ::kill(id_, SIGKILL);
        int status = 0;
        ::waitpid(std::exchange(id_, 0), &status, 0);
        expect(WIFSIGNALED(status), "a process ended by itself");
    }

private:
    const std::array<Ledger, threads>& ledgers_;
    pid_t id_;
};

void create(const std::filesystem::path& path) {
    Store store = Store::open(path, options).value();
    const Connection connection = store.create_connection({}, {.name = "Soak"}).value();
    for (std::size_t process = 0; process < processes; ++process)
        for (std::size_t thread = 0; thread < threads; ++thread)
            store.create_version(connection.id, {.name = version_name(process, thread)}).value();
}

/// Fails with Broken unless the store is sound and holds what was acknowledged. Sets the ledgers to
/// what it holds.
void check(const std::filesystem::path& path, Ledgers& ledgers) {
    Store store = Store::open(path, options).value();
    check_sound(store);
    const Snapshot snapshot = store.snapshot().value();
    for (std::size_t process = 0; process < processes; ++process)
        for (std::size_t thread = 0; thread < threads; ++thread) {
            Ledger& ledger = ledgers[process][thread];
            const Worker work = worker(store, process, thread);
            work.check(snapshot, ledger.acknowledged, ledger.begun);
            ledger.begun = work.step(snapshot);
            ledger.acknowledged = ledger.begun.load();
        }
}

void pause(Random& random, std::uint64_t most_microseconds) {
    std::this_thread::sleep_for(std::chrono::microseconds(below(random, most_microseconds)));
}

/// One round; answers how many were killed.
std::uint64_t kill_some(const std::filesystem::path& path, Ledgers& ledgers, Random& random) {
    Process first(path, 0, ledgers);
    Process second(path, 1, ledgers);
    if (below(random, 4) == 0) {  // while they open it
        pause(random, 5'000);
    } else {
        first.wait_for(1);
        second.wait_for(1);
        pause(random, 20'000);
    }
    Process& victim = below(random, 2) == 0 ? first : second;
    Process& other = &victim == &first ? second : first;
    victim.kill();
    if (below(random, 2) == 0) {
        other.wait_for(2);
        pause(random, 10'000);
    }
    other.kill();
    return 2;
}

/// A checker that cannot fail is none: tells it of a step that was never taken.
void check_the_checker(const std::filesystem::path& path, Ledgers& ledgers) {
    for (auto& ledger : ledgers.front()) {
        ++ledger.begun;
        ++ledger.acknowledged;
        std::optional<std::string> complaint;
        try {
            check(path, ledgers);
        } catch (const Broken& broken) {
            complaint = broken.what();
        }
        expect(complaint.has_value(), "an acknowledged step is missing, and nobody says so");
        --ledger.begun;
        --ledger.acknowledged;
    }
}

std::string kill_writers(const Plan& plan) {
    Random random(plan.seed);
    const storage::TemporaryFolder folder;
    const std::filesystem::path path = folder / "soak.verso";
    const SharedLedgers shared;
    create(path);
    States states;
    std::uint64_t kills = 0;
    while (kills < plan.count) {
        kills += kill_some(path, *shared, random);
        states.add(read_file(path));
        check(path, *shared);
    }
    check_the_checker(path, *shared);
    std::uint64_t steps = 0;
    for (const auto& process : *shared)
        for (const Ledger& ledger : process) steps += ledger.acknowledged;
    return std::to_string(kills) + " kills, " + std::to_string(states.count()) +
           " different states, " + std::to_string(steps) + " changes; nothing acknowledged is lost";
}

}  // namespace

int main(int argc, char** argv) { return run(argc, argv, 200, kill_writers); }
