using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace TrafficFlow.Benchmarks.Web;

/// <summary>Debian's broker with so many subscribers of all bins of a site.</summary>
internal sealed class MqttCrowd : IAsyncDisposable
{
    private const string Program = "/usr/sbin/mosquitto";

    private readonly Process _broker;
    private readonly List<(IMqttClient Client, HashSet<string> Got)> _readers = [];

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
        if (!File.Exists(Program)) throw new BenchmarkException(BenchmarkException.CannotRun, "there is no MQTT broker here: install Debian's package mosquitto");
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        var settings = Path.Combine(folder, "mosquitto.conf");
        await File.WriteAllTextAsync(settings, $"listener {port} 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\n{(Environment.IsPrivilegedProcess ? "user root\n" : "")}", cancellation);
        var broker = Process.Start(new ProcessStartInfo(Program, ["-c", settings]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        _ = broker.StandardError.ReadToEndAsync(CancellationToken.None);
        var crowd = new MqttCrowd(broker, port, new Arrivals());
        for (var i = 0; i < readers; i++) await crowd.JoinAsync($"reader-{i}", site, cancellation);
        return crowd;
    }

    private async Task JoinAsync(string name, string site, CancellationToken cancellation)
    {
        var (client, got) = (new MqttClientFactory().CreateMqttClient(), new HashSet<string>());
        client.ApplicationMessageReceivedAsync += received =>
        {
            var id = received.ApplicationMessage.UserProperties?.FirstOrDefault(p => p.Name == "id") is { } property ? Encoding.ASCII.GetString(property.ValueBuffer.Span) : null;
            if (received.ApplicationMessage.Retain || id is null) return Task.CompletedTask;
            lock (got) got.Add(id);
            Arrivals.Add(id, 0);
            return Task.CompletedTask;
        };
        var options = new MqttClientOptionsBuilder().WithProtocolVersion(MqttProtocolVersion.V500).WithClientId(name).WithTcpServer("127.0.0.1", Port).Build();
        for (var tries = 0; ; tries++)
        {
            try
            {
                await client.ConnectAsync(options, cancellation);
                break;
            }
            catch (MQTTnet.Exceptions.MqttCommunicationException) when (tries < 50)
            {
                await Task.Delay(100, cancellation);
            }
        }

        await client.SubscribeAsync(new MqttTopicFilterBuilder().WithTopic($"trafficflow/flow/{site}/#").WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build(), cancellation);
        _readers.Add((client, got));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (client, _) in _readers) client.Dispose();
        if (!_broker.HasExited) _broker.Kill();
        await _broker.WaitForExitAsync();
        _broker.Dispose();
    }
}
