// Goal: whenever the power goes, what was acknowledged as durable is there, of the rest all or
// nothing, and the store opens, is sound, and goes on. Under Durability::relaxed all but the first.
// Method: every write and sync of a run of three threads is recorded. At any moment of it what was
// synced is on the disk; of what came since, any part, in any order, torn by sectors. Files are
// made so, opened and checked. COUNT: such files. Control: under Durability::none, which promises
// nothing, the same must find broken files.
#include <verso/store.hpp>

#include "soak/soak.hpp"
#include "soak/worker.hpp"
#include "storage/child_process.hpp"
#include "storage/system_calls.hpp"
#include "storage/temporary_folder.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <mutex>
#include <thread>
#include <variant>
#include <vector>

using namespace verso;
using namespace verso::soak;

namespace {

constexpr std::size_t workers = 3;
constexpr std::size_t sector_bytes = 512;

struct Write {
    std::size_t offset;
    std::string bytes;
    bool is_durable;  ///< Once it returns: its descriptor syncs each write.
};
struct Sync {};
struct Begun {
    std::size_t worker;
};
struct Acknowledged {
    std::size_t worker;
};
using Event = std::variant<Write, Sync, Begun, Acknowledged>;

/// What a run did to a file, and what it had to say meanwhile.
struct Recording {
    std::string before;  ///< The file's bytes when it began.
    std::vector<Event> events;
};

Worker worker(Store& store, std::size_t number) {
    const auto connection = store.snapshot().value().find_connection({}, "Soak").value();
    return {store, connection.value().id, std::to_string(number),
            number == 0 ? Worker::Steps::simple : Worker::Steps::compound};
}

/// Takes down all that is written to one file.
class Recorder {
public:
    explicit Recorder(const std::filesystem::path& path) {
        struct stat status {};
        if (::stat(path.c_str(), &status) != 0) throw std::runtime_error("no file to record");
        inode_ = status.st_ino;
    }

    int note(const storage::SystemCall& call) {
        struct stat status {};
        if (::fstat(call.descriptor, &status) != 0 || status.st_ino != inode_) return 0;
        if (call.parts.empty()) {
            add(Sync{});
            return 0;
        }
        const off_t offset = call.offset >= 0 ? call.offset : ::lseek(call.descriptor, 0, SEEK_CUR);
        Write write{static_cast<std::size_t>(offset), {}, false};
        for (const iovec& part : call.parts)
            write.bytes.append(static_cast<const char*>(part.iov_base), part.iov_len);
        write.is_durable = (::fcntl(call.descriptor, F_GETFL) & O_DSYNC) != 0;
        add(std::move(write));
        return 0;
    }
    void add(Event event) {
        const std::lock_guard lock(mutex_);
        events_.push_back(std::move(event));
    }
    [[nodiscard]] std::vector<Event> take() { return std::move(events_); }

private:
    ino_t inode_ = 0;
    std::mutex mutex_;
    std::vector<Event> events_;
};

/// Records so many steps of each worker, all at once.
Recording record(const std::filesystem::path& path, Durability durability, std::uint64_t steps) {
    const Options options{.durability = durability, .history = {.max_commits = 4}};
    {
        Store store = Store::open(path, {.durability = Durability::full}).value();
        const Connection connection = store.create_connection({}, {.name = "Soak"}).value();
        for (std::size_t each = 0; each < workers; ++each)
            store.create_version(connection.id, {.name = std::to_string(each)}).value();
    }
    Recording recording{read_file(path), {}};
    Recorder recorder(path);
    {
        Store store = Store::open(path, options).value();
        const storage::WatchedCalls watched(
            [&](const storage::SystemCall& call) { return recorder.note(call); });
        std::vector<std::thread> threads;
        for (std::size_t each = 0; each < workers; ++each)
            threads.emplace_back([&, each] {
                Worker work = worker(store, each);
                for (std::uint64_t step = 1; step <= steps; ++step) {
                    recorder.add(Begun{each});
                    work.take(step);
                    recorder.add(Acknowledged{each});
                }
            });
        for (std::thread& thread : threads) thread.join();
    }
    recording.events = recorder.take();
    return recording;
}

/// A disk at a moment of a recording: what is surely on it, and what may be.
class Disk {
public:
    explicit Disk(std::string bytes) : durable_(std::move(bytes)) {}

    void make(const Event& event) {
        if (const auto* write = std::get_if<Write>(&event)) {
            if (write->is_durable)
                apply(durable_, *write);
            else
                pending_.push_back(write);
        } else if (std::holds_alternative<Sync>(event)) {
            for (const Write* each : pending_) apply(durable_, *each);
            pending_.clear();
        } else if (const auto* begun = std::get_if<Begun>(&event)) {
            ++begun_[begun->worker];
        } else {
            ++acknowledged_[std::get<Acknowledged>(event).worker];
        }
    }

    /// The file after a cut of the power just now.
    [[nodiscard]] std::string cut(Random& random) const {
        std::string bytes = durable_;
        std::vector<const Write*> some = pending_;
        if (below(random, 4) == 0) std::shuffle(some.begin(), some.end(), random);
        const std::uint64_t most = below(random, 2) == 0 ? some.size() : below(random, 4);
        for (std::size_t at = 0; at < std::min<std::size_t>(some.size(), most); ++at) {
            const std::uint64_t fate = below(random, 4);
            if (fate == 0) continue;
            if (fate == 1)
                apply_sectors(bytes, *some[at], random);
            else
                apply(bytes, *some[at]);
        }
        return bytes;
    }

    [[nodiscard]] std::uint64_t begun(std::size_t worker) const { return begun_.at(worker); }
    [[nodiscard]] std::uint64_t acknowledged(std::size_t worker) const {
        return acknowledged_.at(worker);
    }

private:
    static void apply(std::string& file, const Write& write) {
        file.resize(std::max(file.size(), write.offset + write.bytes.size()));
        std::copy(write.bytes.begin(), write.bytes.end(),
                  file.begin() + static_cast<std::ptrdiff_t>(write.offset));
    }
    /// Writes some of the sectors that a write covers.
    static void apply_sectors(std::string& file, const Write& write, Random& random) {
        for (std::size_t at = 0; at < write.bytes.size();) {
            const std::size_t sector_ends =
                ((write.offset + at) / sector_bytes + 1) * sector_bytes - write.offset;
            const std::size_t ends = std::min(sector_ends, write.bytes.size());
            if (below(random, 2) == 0)
                apply(file, {write.offset + at, write.bytes.substr(at, ends - at), false});
            at = ends;
        }
    }

    std::string durable_;
    std::vector<const Write*> pending_;
    std::array<std::uint64_t, workers> begun_{};
    std::array<std::uint64_t, workers> acknowledged_{};
};

/// Fails with Broken unless the file is what the disk's moment allows; writes to it now and then.
void check(const std::filesystem::path& path, const Disk& disk, Durability durability,
           bool goes_on) {
    auto opened = Store::open(path, {.create = false, .durability = Durability::none});
    expect(opened.has_value(), opened ? "" : "it does not open: " + opened.error().message);
    Store& store = *opened;
    check_sound(store);
    for (std::size_t each = 0; each < workers; ++each) {
        const std::uint64_t promised = durability == Durability::full ? disk.acknowledged(each) : 0;
        worker(store, each).check(store.snapshot().value(), promised, disk.begun(each));
    }
    if (!goes_on) return;
    for (std::size_t each = 0; each < workers; ++each) {
        Worker work = worker(store, each);
        const std::uint64_t next = work.step(store.snapshot().value()) + 1;
        for (std::uint64_t step = next; step < next + 10; ++step) work.take(step);
        work.check(store.snapshot().value(), next + 9, next + 9);
    }
    check_sound(store);
}

/// What is wrong with the file; nothing: all is well. In a child, since LMDB itself may not survive
/// what it was not promised.
std::string complaint_of(const std::filesystem::path& path, const Disk& disk, Durability durability,
                         bool goes_on) {
    const storage::Ended ended = storage::in_child([&]() -> std::string {
        if (durability == Durability::none)  // LMDB's last words are expected
            static_cast<void>(std::freopen("/dev/null", "w", stderr) == nullptr);
        try {
            check(path, disk, durability, goes_on);
            return {};
        } catch (const std::exception& broken) {
            return broken.what();
        }
    });
    return ended.signal == 0 ? ended.report : "signal " + std::to_string(ended.signal);
}

struct Explored {
    std::size_t states = 0;
    std::size_t broken = 0;
    std::string complaint = {};  ///< About the first that was.
};

/// Makes and checks so many different files at least, of one run for each few thousand.
Explored explore(Durability durability, std::uint64_t count, Random& random) {
    constexpr std::uint64_t steps = 60;
    const std::uint64_t cuts = std::min<std::uint64_t>(count, 4'000);
    const storage::TemporaryFolder folder;
    const std::filesystem::path path = folder / "cut.verso";
    States states;
    Explored explored;
    for (int run = 0; states.count() < count; ++run) {
        const Recording recording =
            record(folder / (std::to_string(run) + ".verso"), durability, steps);
        Disk disk(recording.before);
        const std::size_t events = recording.events.size();
        for (const Event& event : recording.events) {
            disk.make(event);
            const bool one_more = below(random, events) < cuts % events;
            for (std::uint64_t cut = 0; cut < cuts / events + one_more; ++cut) {
                const std::string bytes = disk.cut(random);
                if (!states.add(bytes)) continue;
                write_store(path, bytes);
                const std::string complaint =
                    complaint_of(path, disk, durability, below(random, 16) == 0);
                if (complaint.empty()) continue;
                if (explored.broken++ == 0) explored.complaint = complaint;
            }
        }
    }
    explored.states = states.count();
    return explored;
}

std::string cut_power(const Plan& plan) {
    Random random(plan.seed);
    std::string report;
    for (const Durability durability : {Durability::full, Durability::relaxed}) {
        const Explored explored = explore(durability, plan.count / 2, random);
        const std::string name = durability == Durability::full ? "full" : "relaxed";
        expect(explored.broken == 0, std::to_string(explored.broken) + " of " +
                                         std::to_string(explored.states) + " states of a " + name +
                                         " store are broken: " + explored.complaint);
        report += std::to_string(explored.states) + " different states of a " + name +
                  " store, all sound; ";
    }
    const Explored control =
        explore(Durability::none, std::max<std::uint64_t>(plan.count / 10, 50), random);
    expect(control.broken > 0, "no state of a store without durability is broken, which cannot be");
    return report + "control: " + std::to_string(control.broken) + " of " +
           std::to_string(control.states) + " states without durability are broken, as \"" +
           control.complaint + '"';
}

}  // namespace

int main(int argc, char** argv) {
    return run(argc, argv, less_if_sanitized(2'000, 500), cut_power);
}
