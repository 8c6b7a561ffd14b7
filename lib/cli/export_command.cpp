#include <verso/openapi.hpp>

#include "cli/command.hpp"
#include "cli/pretty_json.hpp"
#include "cli/progress.hpp"
#include "cli/text.hpp"
#include "domain/failure.hpp"
#include "domain/json_writer.hpp"

#include <sys/stat.h>

#include <unistd.h>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace verso::cli {

namespace {

/// A file that is written beside its place and put there once it is whole. Until then what was
/// there stays, and if it never comes to that, nothing is left.
class ReplacedFile {
public:
    explicit ReplacedFile(std::string path)
        : path_(std::move(path)), temporary_(path_ + ".XXXXXX") {
        file_ = ::mkstemp(temporary_.data());
        if (file_ < 0) fail_writing();
    }
    ~ReplacedFile() {
        if (file_ < 0) return;
        ::close(file_);
        ::unlink(temporary_.c_str());
    }
    ReplacedFile(const ReplacedFile&) = delete;
    ReplacedFile& operator=(const ReplacedFile&) = delete;

    void write(std::string_view text) {
        while (!text.empty()) {
            const ssize_t written = ::write(file_, text.data(), text.size());
            if (written < 0 && errno == EINTR) continue;
            if (written < 0) fail_writing();
            text.remove_prefix(static_cast<std::size_t>(written));
        }
    }

    /// Puts the file in its place, with the permissions of the one that it replaces.
    void commit() {
        if (::fchmod(file_, permissions()) != 0 || ::fsync(file_) != 0) fail_writing();
        if (::rename(temporary_.c_str(), path_.c_str()) != 0) fail_writing();
        ::close(file_);
        file_ = -1;
    }

private:
    [[nodiscard]] mode_t permissions() const {
        constexpr mode_t all_bits = 0777;
        struct stat there {};
        if (::stat(path_.c_str(), &there) == 0) return there.st_mode & all_bits;
        const mode_t masked = ::umask(0);
        ::umask(masked);
        return static_cast<mode_t>(0666 & ~masked);
    }

    [[noreturn]] void fail_writing() const {
        const std::string reason = std::strerror(errno);
        fail(Errc::io_failed, "cannot write " + path_ + ": " + reason);
    }

    std::string path_;
    std::string temporary_;
    int file_ = -1;
};

class Export final : public Command {
    void declare(Declaration& takes) override {
        takes.required("CONNECTION", connection_, "The connection's name or id");
        takes.required("VERSION", version_, "The version's name");
        takes.option("-o,--output", "FILE", output_,
                     "Where to write it, all or nothing; else, or for -, to standard output");
    }

    [[nodiscard]] ExitCode run(Session& session) const override {
        const Stopwatch watch;
        const Snapshot snapshot = session.snapshot();
        const Connection connection = session.connection(snapshot, connection_);
        const ConnectionVersion version = session.version(snapshot, connection, version_);
        const std::string text = pretty_json(describe(session, snapshot, connection)) + '\n';
        if (!output_ || *output_ == "-") {
            session.print(text);
            return ExitCode::done;
        }
        ReplacedFile file(*output_);
        file.write(text);
        file.commit();
        if (session.wants_json())
            session.answer(to_json(text.size(), version.name));
        else
            session.confirm("Exported version " + in_quotes(version.name) + " of " +
                            in_quotes(connection.name) + " to " + shown(*output_) + ", " +
                            format_bytes(text.size()) + " in " + watch.text());
        return ExitCode::done;
    }

    [[nodiscard]] std::string describe(const Session& session, const Snapshot& snapshot,
                                       const Connection& connection) const {
        const Settings& settings = session.settings();
        Progress progress("Exporting", !settings.quiet && !settings.json);
        return must(
            export_openapi(snapshot, {connection.id, version_}, {.progress = progress.callback()}));
    }

    [[nodiscard]] std::string to_json(std::size_t bytes, std::string_view version) const {
        JsonWriter json;
        json.begin_object().key("version").string(version).key("file").string(*output_);
        json.key("bytes").number(std::uint64_t{bytes}).end_object();
        return std::move(json).take();
    }

    std::string connection_;
    std::string version_;
    std::optional<std::string> output_;
};

}  // namespace

Commands export_commands() {
    Commands commands;
    commands.push_back({"export", "Write a version as an OpenAPI document",
                        "  verso export Harbour latest\n"
                        "  verso export Harbour 1.1.0 --output harbour-1.1.0.json",
                        std::make_unique<Export>()});
    return commands;
}

}  // namespace verso::cli
