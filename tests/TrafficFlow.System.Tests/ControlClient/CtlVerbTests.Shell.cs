using System.Text.Json;
using TrafficFlow.Node;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Support;
using Xunit;

namespace TrafficFlow.SystemTests.ControlClient;

/// <summary>The shell of `ctl`, commands on standard input, and completion in real shells.</summary>
public sealed partial class CtlVerbTests
{
    private static string Program => TrafficflowProcess.Command().FileName;

    [Fact]
    public async Task Commands_on_standard_input_are_answered_in_turn_up_to_the_first_that_fails()
    {
        const string Input = "camera list\n\n# one that there is not\ncamera show cam9\noutbox show --json\n";

        var stopped = await TrafficflowProcess.RunWithInputAsync(Input, "ctl", "--data", node.Folder.Data);
        Assert.Equal((ExitCodes.Failed, "trafficflow: line 4: there is no camera cam9: this node has cam1, cam2"), (stopped.Code, stopped.Error.Trim()));
        Assert.Contains("streaming", stopped.Output);
        Assert.DoesNotContain("\"ok\":true", stopped.Output);

        var whole = await TrafficflowProcess.RunWithInputAsync(Input, "ctl", "--data", node.Folder.Data, "--keep-going");
        Assert.Equal((ExitCodes.Failed, stopped.Error), (whole.Code, whole.Error));
        using var json = JsonDocument.Parse(whole.Output.Trim().Split('\n')[^1]);
        Assert.True(json.RootElement.GetProperty("ok").GetBoolean());
    }

    [Theory]
    [InlineData("camera ", "list", "show", "restart", "accept-scene")]
    [InlineData("camera re", "restart")]
    [InlineData("camera show ", "cam1", "cam2")]
    [InlineData("--json camera show cam", "cam1", "cam2")]
    [InlineData("actor show /user/cameras/cam1/", "/user/cameras/cam1/detector", "/user/cameras/cam1/outbox", "/user/cameras/cam1/reader", "/user/cameras/cam1/recorder", "/user/cameras/cam1/tracker")]
    [InlineData("approach show live/n", "live/north")]
    [InlineData("health show ", "live")]
    [InlineData("log level del", "delivery")]
    public async Task Bash_zsh_and_fish_complete_words_and_names_of_the_running_node(string begun, params string[] completed)
    {
        using var data = new PlainPath(node.Folder.Data);
        var line = $"trafficflow ctl --data {data.Path} {begun}";
        foreach (var shell in new[] { "bash", "zsh", "fish" })
        {
            if (!File.Exists($"/usr/bin/{shell}"))
            {
                TestContext.Current.AddWarning($"{shell} is not installed: its completion is not tried");
                continue;
            }

            Assert.Equal(completed.Order(), (await CompletedAsync(shell, line)).Order());
        }
    }

    [Fact]
    public async Task A_folder_whose_name_has_blanks_is_read_from_the_line_as_the_shell_reads_it()
    {
        var folder = Directory.CreateTempSubdirectory("trafficflow-blanks-").FullName;
        var data = Path.Combine(folder, "my data");
        Directory.CreateSymbolicLink(data, node.Folder.Data);
        try
        {
            foreach (var written in new[] { $"\"{data}\"", data.Replace(" ", "\\ ", StringComparison.Ordinal), $"'{data}'" })
                foreach (var shell in new[] { "bash", "zsh", "fish" }.Where(s => File.Exists($"/usr/bin/{s}")))
                    Assert.Equal((shell, "cam1 cam2"), (shell, string.Join(' ', (await CompletedAsync(shell, $"trafficflow ctl --data {written} camera show ")).Order())));
        }
        finally
        {
            File.Delete(data);
            Directory.Delete(folder);
        }
    }

    [Fact]
    public async Task Topics_verbs_and_options_are_completed_and_an_address_behind_its_colon()
    {
        using var data = new PlainPath(node.Folder.Data);
        Assert.Equal(
            ["flow.live.north", "flow.live.north.live", "flow.live.south", "flow.live.south.live"],
            (await CompletedAsync("bash", $"trafficflow watch --data {data.Path} flow.")).Where(t => t.Contains("north", StringComparison.Ordinal) || t.Contains("south", StringComparison.Ordinal)).Order());
        Assert.Equal(["completion"], await CompletedAsync("bash", "trafficflow comp"));
        Assert.Contains("--keep-going", await CompletedAsync("bash", "trafficflow ctl --"));
        var address = (await node.RowsAsync("cluster", "show"))[0].GetProperty("address").GetString()!;
        Assert.Equal([address[(address.IndexOf(':', StringComparison.Ordinal) + 1)..]], await CompletedAsync("bash", $"trafficflow ctl --data {data.Path} cluster down {address[..(address.IndexOf(':', StringComparison.Ordinal) + 2)]}"));
    }

    /// <summary>On a real terminal of 40 columns, as util-linux' script makes one.</summary>
    [Fact]
    public async Task The_shell_on_a_terminal_answers_completes_remembers_and_ends_at_Ctrl_D()
    {
        var state = Path.Combine(node.Folder.Data, "..", "state");
        // Each key waits for what it needs to see: the shell is typed into as by hand.
        var typed = """
            import os, pty, re, select, sys, time
            pid, fd = pty.fork()
            if pid == 0:
                os.execvp(sys.argv[1], sys.argv[1:])
            import fcntl, struct, termios
            fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack('HHHH', 24, 40, 0, 0))
            seen, at = '', 0
            def read(until, send):
                global seen, at
                end = time.time() + 60
                while until not in seen[at:]:
                    if time.time() > end: sys.exit('never came: ' + until + '\n' + seen)
                    if select.select([fd], [], [], 1)[0]:
                        try: seen += os.read(fd, 65536).decode(errors='replace')
                        except OSError: sys.exit('ended early\n' + seen)
                at = seen.index(until, at) + len(until)
                os.write(fd, send.encode())
            read('Ctrl-D ends.', '')
            read('> ', 'camera sh\t')
            read('show ', 'cam2\r')
            read('reconnects', '')
            read('> ', 'nonsense\r')
            read('is nothing to inspect', '')
            read('> ', 'half typed\x03')
            read('^C', '\x1b[A\x1b[A')
            read('camera show cam2', '\r')
            read('reconnects', '')
            read('> ', 'watch 0.5 log show\r')
            read('every 0.5 s', '')
            read('every 0.5 s', '\x03')
            read('> ', 'help camera\r')
            read('camera restart ID', '')
            read('> ', '\x04')
            end = time.time() + 60
            while time.time() < end:
                done, status = os.waitpid(pid, os.WNOHANG)
                if done: sys.exit(os.waitstatus_to_exitcode(status))
                if select.select([fd], [], [], 0.1)[0]:
                    try: os.read(fd, 65536)
                    except OSError: pass
            sys.exit('does not end')
            """;

        var (code, output, error) = await Tools.TryAsync("env", $"XDG_STATE_HOME={state}", "TERM=xterm", "/usr/bin/python3", "-c", typed, Program, "ctl", "--data", node.Folder.Data);

        Assert.True(code == 0, $"{code}\n{output}\n{error}");
        Assert.Equal(
            ["camera show cam2", "nonsense", "camera show cam2", "watch 0.5 log show", "help camera"],
            await File.ReadAllLinesAsync(Path.Combine(state, "trafficflow", "ctl-history")));
    }

    /// <summary>What the shell itself would offer, by its own means.</summary>
    /// <summary>A busy node's names come too late for a shell that must not wait: whoever types presses Tab again.</summary>
    private static async Task<string[]> CompletedAsync(string shell, string line)
    {
        var completed = Array.Empty<string>();
        for (var presses = 0; presses < 10 && completed.Length == 0; presses++) completed = await CompleteAsync(shell, line);
        return completed;
    }

    private static async Task<string[]> CompleteAsync(string shell, string line)
    {
        var path = $"PATH={Path.GetDirectoryName(Program)}:{Environment.GetEnvironmentVariable("PATH")}";
        var output = shell switch
        {
            "bash" => await Tools.RunAsync("env", path, "bash", "--norc", "-c", """
                source <(trafficflow completion bash)
                COMP_LINE=$1 COMP_POINT=${#1}
                # Bash's own words: also a colon is one.
                mapfile -t COMP_WORDS < <(printf '%s' "$1" | sed 's/:/\n:\n/g; s/ \+/\n/g')
                [[ $1 == *' ' ]] && COMP_WORDS+=('')
                COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
                _trafficflow
                printf '%s\n' "${COMPREPLY[@]}"
                """, "bash", line),
            "fish" => await Tools.RunAsync("env", path, "HOME=/nonexistent", "fish", "--no-config", "-c", "trafficflow completion fish | source; complete -C $argv[1]", line),
            _ => await Tools.RunAsync("env", path, "zsh", "-f", "-c", """
                compdef() { : }
                compadd() { print -rl -- "${(@P)2}" }
                _files() { : }
                eval "$(trafficflow completion zsh)"
                words=("${(@z)1}")
                [[ $1 == *' ' ]] && words+=('')
                CURRENT=$#words PREFIX=$words[-1]
                _trafficflow
                """, "zsh", line),
        };
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(l => l.Split('\t')[0])];
    }
}
