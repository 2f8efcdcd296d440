using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace TrafficFlow.Benchmarks.Web;

/// <summary>
/// Debian's broker with so many subscribers of all bins of a site, each a mosquitto_sub of its own.
/// </summary>
internal sealed class MqttCrowd : IAsyncDisposable
{
    private const string Program = "/usr/sbin/mosquitto";
    private const string Subscriber = "/usr/bin/mosquitto_sub";
    private const string Id = "id:";

    private static readonly TimeSpan JoinWithin = TimeSpan.FromSeconds(60);

    private readonly Process _broker;
    private readonly List<(Process Program, HashSet<string> Got)> _readers = [];
    private readonly List<Task> _reading = [];

    private MqttCrowd(Process broker, int port, Arrivals arrivals) => (_broker, Port, Arrivals) = (broker, port, arrivals);

    public int Port { get; }

    public Arrivals Arrivals { get; }

    /// <summary>All joined before anything was published: what one has got and another has not is lost.</summary>
    public int Lost
    {
        get
        {
            var events = Arrivals.Events;
            return _readers.Sum(r =>
            {
                lock (r.Got) return Math.Max(0, events - r.Got.Count);
            });
        }
    }

    /// <summary>Minutes between the first and the last of an approach of which nobody got the bin.</summary>
    public int Gaps => Arrivals.Topics.Select(t => t.Split('/')).Where(t => t[2] == "1")
        .GroupBy(t => t[1], t => DateTime.ParseExact(t[3], "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture))
        .Sum(g => (int)(g.Max() - g.Min()).TotalMinutes + 1 - g.Distinct().Count());

    public static async Task<MqttCrowd> StartAsync(string folder, int readers, string site, CancellationToken cancellation)
    {
        if (!File.Exists(Program) || !File.Exists(Subscriber)) throw new BenchmarkException(BenchmarkException.CannotRun, "there is no MQTT broker here: install Debian's packages mosquitto and mosquitto-clients");
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        var (settings, log) = (Path.Combine(folder, "mosquitto.conf"), Path.Combine(folder, "mosquitto.log"));
        await File.WriteAllTextAsync(settings, $"listener {port} 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\nlog_type subscribe\nlog_dest file {log}\n{(Environment.IsPrivilegedProcess ? "user root\n" : "")}", cancellation);
        var broker = Process.Start(new ProcessStartInfo(Program, ["-c", settings]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var crowd = new MqttCrowd(broker, port, new Arrivals());
        crowd._reading.Add(broker.StandardError.ReadToEndAsync(CancellationToken.None));
        await UntilAsync(() => File.Exists(log), cancellation);
        for (var i = 0; i < readers; i++) crowd.Join($"reader-{i}", site);
        // The broker tells each subscription.
        await UntilAsync(() => Lines(log).Count(l => l.Contains(": reader-", StringComparison.Ordinal)) >= readers, cancellation);
        return crowd;
    }

    private static async Task UntilAsync(Func<bool> holds, CancellationToken cancellation)
    {
        for (var watch = Stopwatch.StartNew(); !holds(); await Task.Delay(100, cancellation))
        {
            if (watch.Elapsed > JoinWithin) throw new BenchmarkException(BenchmarkException.Failed, "the subscribers of MQTT did not join");
        }
    }

    private static IReadOnlyList<string> Lines(string file)
    {
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd().Split('\n');
    }

    private void Join(string name, string site)
    {
        var program = Process.Start(new ProcessStartInfo(
            Subscriber, ["-V", "5", "-q", "1", "-R", "-h", "127.0.0.1", "-p", $"{Port}", "-i", name, "-t", $"trafficflow/flow/{site}/#", "-F", "%P"])
        { RedirectStandardOutput = true })!;
        var got = new HashSet<string>();
        _readers.Add((program, got));
        _reading.Add(ReadAsync(program, got));
    }

    private async Task ReadAsync(Process program, HashSet<string> got)
    {
        while (await program.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Split(' ').FirstOrDefault(p => p.StartsWith(Id, StringComparison.Ordinal)) is not { } property) continue;
            var id = property[Id.Length..];
            lock (got) got.Add(id);
            Arrivals.Add(id, 0);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var program in _readers.Select(r => r.Program).Append(_broker))
        {
            if (!program.HasExited) program.Kill();
            await program.WaitForExitAsync();
        }

        await Task.WhenAll(_reading);
        foreach (var program in _readers.Select(r => r.Program).Append(_broker)) program.Dispose();
    }
}
