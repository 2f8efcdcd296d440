using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using TrafficFlow.SystemTests.Support;
using TrafficFlow.Vision.Ffmpeg;
using TrafficFlow.Vision.Ffmpeg.Confinement;
using Xunit;

namespace TrafficFlow.SystemTests.Ffmpeg.Hostile;

/// <summary>What a child of ffmpeg reaches, tried by other programs in its place.</summary>
public sealed class SandboxTests(Clips clips) : IClassFixture<Clips>
{
    private string Input => clips.Moving("input.mp4", 1, size: "64x48");

    [Fact]
    public async Task A_file_s_child_sees_its_input_and_no_other_file()
    {
        NeedsSandbox();
        var other = clips.Moving("other.mp4", 1, size: "64x48");
        var folder = Path.GetDirectoryName(Input)!;

        Assert.Equal(Path.GetFileName(Input), (await RunAsync("ls", ["-A", folder], Reach.ToProbe(Input))).Output.Trim());
        Assert.Contains("No such file", (await RunAsync("cat", [other], Reach.ToProbe(Input))).Error);
        foreach (var forbidden in new[] { "/etc/passwd", "/home", "/root", "/proc/self/environ", "/var" })
            Assert.NotEqual(0, (await RunAsync("ls", [forbidden], Reach.ToProbe(Input))).Code);
    }

    [Fact]
    public async Task It_writes_nothing()
    {
        NeedsSandbox();
        foreach (var path in new[] { Input, "/usr/new", "/new", Path.Combine(Path.GetDirectoryName(Input)!, "new") })
            Assert.NotEqual(0, (await RunAsync("bash", ["-c", "echo x > \"$0\"", path], Reach.ToProbe(Input))).Code);
        Assert.NotEqual(2, new FileInfo(Input).Length);
    }

    [Fact]
    public async Task Only_a_camera_s_child_has_a_network()
    {
        NeedsSandbox();
        using var inside = new TcpListener(IPAddress.Loopback, 0);
        inside.Start();
        var knock = $"exec 3<> /dev/tcp/127.0.0.1/{((IPEndPoint)inside.LocalEndpoint).Port}";

        Assert.NotEqual(0, (await RunAsync("bash", ["-c", knock], Reach.ToProbe(Input))).Code);
        Assert.False(inside.Pending());
        Assert.Equal((0, ""), Without((await RunAsync("bash", ["-c", knock], Reach.Of(VideoSource.Parse("rtsp://camera/1"))))));
        Assert.True(inside.Pending());
    }

    [Fact]
    public async Task It_has_no_process_but_its_own_and_no_right()
    {
        NeedsSandbox();
        Assert.NotEqual(0, (await RunAsync("bash", ["-c", $"kill -0 {Environment.ProcessId}"], Reach.Nothing)).Code);
        Assert.NotEqual(0, (await RunAsync("unshare", ["--mount", "true"], Reach.Nothing)).Code);
    }

    [Fact]
    public async Task Its_memory_and_processor_time_are_bounded()
    {
        Assert.SkipWhen(MachineSandbox.Current.Limiter is null, MachineSandbox.Missing ?? "");
        var greedy = await RunAsync("dd", ["if=/dev/urandom", "of=/dev/null", "bs=3G", "count=1"], Reach.ToProbe(Input));
        Assert.Contains("memory exhausted", greedy.Error);
        var busy = await RunAsync("bash", ["-c", "while :; do :; done"], Reach.Nothing with { Processor = TimeSpan.FromSeconds(1) });
        Assert.Equal(137, busy.Code);
    }

    [Fact]
    public async Task It_outlives_the_thread_that_asked_for_it_and_dies_when_it_is_killed()
    {
        Process? child = null;
        var asking = new Thread(() => child = FfmpegProcess.StartProgram("sleep", ["1000"], Reach.Nothing));
        asking.Start();
        asking.Join();
        Assert.False(child!.WaitForExit(700));

        child.Kill();
        // Who holds the pipe is dead too, and not only the sandbox around it.
        await child.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(10));
        child.Dispose();
    }

    [Fact]
    public async Task It_gets_none_of_our_environment()
    {
        var told = (await RunAsync("env", [], Reach.Nothing)).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('=')[0]);
        Assert.Empty(told.Except(["PATH", "LC_ALL", "PWD"]));
    }

    [Fact]
    public void Without_bubblewrap_that_is_told_with_the_package_and_memory_is_bounded_all_the_same()
    {
        var (sandbox, missing) = MachineSandbox.Find(Programs("ffmpeg", "prlimit"), isRoot: false);

        Assert.Null(sandbox.Bubblewrap);
        Assert.NotNull(sandbox.Limiter);
        Assert.StartsWith("ffmpeg runs without a sandbox", missing);
        Assert.Contains("install Debian's package bubblewrap", missing);
    }

    [Fact]
    public void Where_bubblewrap_is_refused_its_reason_is_told()
    {
        var path = Programs("ffmpeg", "prlimit");
        var bubblewrap = Path.Combine(path, "bwrap");
        File.WriteAllText(bubblewrap, "#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n");
        File.SetUnixFileMode(bubblewrap, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        var (sandbox, missing) = MachineSandbox.Find(path, isRoot: true);

        Assert.Null(sandbox.Bubblewrap);
        Assert.Contains("bwrap: No permissions to create new namespace", missing);
        Assert.Contains("allow user namespaces", missing);
    }

    [Fact]
    public void Without_any_of_it_both_are_told()
    {
        var (sandbox, missing) = MachineSandbox.Find(Programs("ffmpeg"), isRoot: false);
        Assert.Equal(Sandbox.None, sandbox);
        Assert.Contains("Its memory is not bounded", missing);
    }

    private static void NeedsSandbox() => Assert.SkipWhen(MachineSandbox.Current.Bubblewrap is null, MachineSandbox.Missing ?? "");

    private static (int, string) Without((int Code, string Output, string Error) ended) => (ended.Code, ended.Error);

    private static async Task<(int Code, string Output, string Error)> RunAsync(string program, IReadOnlyList<string> arguments, Reach reach)
    {
        using var child = FfmpegProcess.StartProgram(program, arguments, reach);
        child.StandardInput.Close();
        var error = child.StandardError.ReadToEndAsync();
        var output = await child.StandardOutput.ReadToEndAsync();
        await child.WaitForExitAsync();
        return (child.ExitCode, output, await error);
    }

    /// <summary>A folder that holds only these of the machine's programs.</summary>
    private string Programs(params string[] names)
    {
        var folder = Directory.CreateDirectory(clips.PathOf($"bin {Guid.NewGuid():n}")).FullName;
        foreach (var name in names) File.CreateSymbolicLink(Path.Combine(folder, name), MachineSandbox.Locate(name)!);
        return folder;
    }
}
