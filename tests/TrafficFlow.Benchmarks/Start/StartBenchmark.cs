using System.Diagnostics;
using System.Globalization;
using TrafficFlow.SystemTests.Processes;

namespace TrafficFlow.Benchmarks.Start;

/// <summary>How long a node takes to be up, and to be gone.</summary>
internal sealed class StartBenchmark : IBenchmark
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public string Name => "start";

    public string Description =>
        """
        A node without cameras (role server, no site, SQLite) as a process: from its start until it says that it is up, on a new data
        folder and on one that is there, and from SIGTERM until it has ended; in turns with `trafficflow --version`, which starts .NET and says one line.
          up_s, up_worst_s       median and the longest, on a folder that is there; at most 2
          new_folder_up_s        median on a new data folder
          version_s              median of --version: what a start of .NET costs on this machine
          ratio                  up_s for each version_s
          end_s, end_worst_s     from SIGTERM to the end
          starts                 of each kind
        """;

    public async Task<Figures> RunAsync(bool isQuick, CancellationToken cancellation)
    {
        var starts = isQuick ? 3 : 10;
        using var folder = new TempFolder();
        // The first one reads the files from the disk.
        await VersionAsync();
        await LiveAsync(Settings(folder, "warm-up"), cancellation);

        var settings = Settings(folder, "there");
        await LiveAsync(settings, cancellation);
        List<double> versions = [], news = [], ups = [], ends = [];
        for (var i = 0; i < starts; i++)
        {
            versions.Add(await VersionAsync());
            news.Add((await LiveAsync(Settings(folder, string.Create(CultureInfo.InvariantCulture, $"new{i}")), cancellation)).Up);
            var (up, end) = await LiveAsync(settings, cancellation);
            ups.Add(up);
            ends.Add(end);
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"start {i + 1}: --version {versions[^1]:0.00} s, new folder up {news[^1]:0.00} s, up {up:0.00} s, ended {end:0.00} s"));
        }

        return new Figures().Add("up_s", ups.Median(), 2).Add("up_worst_s", ups.Max(), 2).Add("new_folder_up_s", news.Median(), 2).Add("version_s", versions.Median(), 3)
            .Add("ratio", ups.Median() / versions.Median(), 1).Add("end_s", ends.Median(), 2).Add("end_worst_s", ends.Max(), 2).Add("starts", starts);
    }

    private static string Settings(TempFolder folder, string name)
    {
        Directory.CreateDirectory(folder.File(name), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var file = folder.File(name + ".conf");
        File.WriteAllText(file, $$"""trafficflow.node { roles = [server], sites = [], data-directory = "{{name}}" }""");
        return file;
    }

    private static async Task<double> VersionAsync()
    {
        var from = Stopwatch.GetTimestamp();
        await TrafficflowProcess.RunAsync("--version");
        return Stopwatch.GetElapsedTime(from).TotalSeconds;
    }

    /// <returns>Seconds until it says that it is up, and from its being asked to end until it has ended.</returns>
    private static async Task<(double Up, double End)> LiveAsync(string settings, CancellationToken cancellation)
    {
        var from = Stopwatch.GetTimestamp();
        await using var node = TrafficflowProcess.Start("run", "--config", settings);
        await node.SayAsync(" is up: ", Patience);
        var up = Stopwatch.GetElapsedTime(from).TotalSeconds;
        cancellation.ThrowIfCancellationRequested();

        from = Stopwatch.GetTimestamp();
        node.Terminate();
        var ended = await node.WaitAsync(Patience);
        if (ended.Code != 0) throw new BenchmarkException(BenchmarkException.Failed, $"a node ended with {ended.Code}\n{ended.Error}");
        return (up, Stopwatch.GetElapsedTime(from).TotalSeconds);
    }
}
