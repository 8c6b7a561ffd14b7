#include "cli/process.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value_to.hpp>
#include <catch2/catch.hpp>

#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <stdexcept>

namespace verso::cli {

namespace {

/// The parent's end of a terminal.
class Terminal {
public:
    Terminal() : master_(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)) {
        if (master_ < 0 || ::grantpt(master_) != 0 || ::unlockpt(master_) != 0)
            throw std::runtime_error("no terminal for the test");
    }
    ~Terminal() { ::close(master_); }
    Terminal(const Terminal&) = delete;
    Terminal& operator=(const Terminal&) = delete;

    [[nodiscard]] std::string name() const { return ::ptsname(master_); }

    /// All that is printed until nobody has the terminal open any more.
    [[nodiscard]] std::string read() const {
        std::string text;
        char bytes[4096];
        for (ssize_t size = 0; (size = ::read(master_, bytes, sizeof bytes)) > 0;)
            text.append(bytes, static_cast<std::size_t>(size));
        return text;
    }

private:
    int master_;
};

struct Files {
    std::string in;
    std::string out;
    std::string err;
};

void redirect(const std::string& path, int flags, int to) {
    const int file = ::open(path.c_str(), flags | O_NOCTTY, 0600);
    if (file < 0 || ::dup2(file, to) < 0) ::_exit(127);
    if (file != to) ::close(file);
}

[[noreturn]] void become(const std::filesystem::path& folder, const Files& files,
                         char* const* words) {
    if (::chdir(folder.c_str()) != 0) ::_exit(127);
    redirect(files.in, O_RDONLY, STDIN_FILENO);
    redirect(files.out, O_WRONLY | O_CREAT | O_TRUNC, STDOUT_FILENO);
    redirect(files.err, O_WRONLY | O_CREAT | O_TRUNC, STDERR_FILENO);
    ::execv(words[0], words);
    ::_exit(127);
}

std::string to_text(const boost::json::value& value) {
    return boost::json::value_to<std::string>(value);
}

}  // namespace

Outcome Workspace::run(Words command, const Surroundings& surroundings) const {
    const storage::TemporaryFolder scratch;
    Files files{(scratch / "in").string(), (scratch / "out").string(), (scratch / "err").string()};
    std::ofstream(files.in, std::ios::binary) << surroundings.input;
    if (surroundings.output_file) files.out = *surroundings.output_file;
    std::optional<Terminal> terminal;
    if (surroundings.terminal) files.out = files.err = terminal.emplace().name();
    std::vector<char*> words;
    for (std::string& word : command) words.push_back(word.data());
    words.push_back(nullptr);
    for (const auto& [name, value] : surroundings.environment)
        ::setenv(name.c_str(), value.c_str(), 1);

    const pid_t child = ::fork();
    if (child < 0) throw std::runtime_error("no child process");
    if (child == 0) become(folder_.path(), files, words.data());
    Outcome outcome;
    if (terminal) outcome.out = terminal->read();
    int status = 0;
    ::waitpid(child, &status, 0);
    for (const auto& [name, value] : surroundings.environment) ::unsetenv(name.c_str());
    outcome.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    if (!terminal) {
        outcome.out = surroundings.output_file ? "" : read_file(files.out);
        outcome.err = read_file(files.err);
    }
    return outcome;
}

Outcome Workspace::verso(Words arguments, const Surroundings& surroundings) const {
    arguments.insert(arguments.begin(), {VERSO_COMMAND, "--durability", "none"});
    return run(std::move(arguments), surroundings);
}

boost::json::value Workspace::json(Words arguments, int expected_code) const {
    arguments.insert(arguments.begin(), "--json");
    const Outcome outcome = verso(std::move(arguments));
    INFO(outcome.out << outcome.err);
    CHECK(outcome.code == expected_code);
    CHECK(outcome.err.empty());
    return boost::json::parse(outcome.out);  // throws where anything stands beside one document
}

std::string Workspace::ok(Words arguments, const Surroundings& surroundings) const {
    const Outcome outcome = verso(std::move(arguments), surroundings);
    INFO(outcome.out << outcome.err);
    REQUIRE(outcome.code == 0);
    CHECK(outcome.err.empty());
    return outcome.out;
}

std::string Workspace::write(const std::string& name, std::string_view text) const {
    std::ofstream(path(name), std::ios::binary) << text;
    return name;
}

std::string example(const std::string& name) { return std::string(VERSO_EXAMPLES) + '/' + name; }

std::string text_at(const boost::json::value& json, std::string_view pointer) {
    return to_text(json.at_pointer(pointer));
}

std::int64_t number_at(const boost::json::value& json, std::string_view pointer) {
    return json.at_pointer(pointer).as_int64();
}

}  // namespace verso::cli
