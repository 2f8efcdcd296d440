using System.Net;
using System.Net.Sockets;
using TrafficFlow.Node;
using TrafficFlow.SystemTests.Processes;
using Xunit;

namespace TrafficFlow.SystemTests.Security;

/// <summary>Who knocks at a cluster with TLS and may not come in: the good nodes go on, and one line says why.</summary>
[Collection(ProcessesCollection.Other)]
public sealed class RefusedPeersTests(TlsNodes nodes) : IClassFixture<TlsNodes>, IAsyncLifetime
{
    private TrafficflowProcess Server => nodes.Server;

    [Fact]
    public async Task A_certificate_of_another_ca_is_refused()
    {
        Assert.False(await Stranger.DialAsync(nodes.Port, await nodes.OtherCa.NodeAsync("stranger", "127.0.0.1"), "127.0.0.1"));

        await TlsNodes.RefusalAsync(Server, "WRN Refused 127.0.0.1:", "certificate \"stranger\" is from another CA", "(wrong CA)");
    }

    [Fact]
    public async Task A_node_of_another_cluster_refuses_ours_and_says_so()
    {
        var foreign = await nodes.OtherCa.RoadsideAsync("foreign", "127.0.0.4", "live");
        await using var node = TlsNodes.Run(nodes.Config("foreign", "roadside", "127.0.0.4", foreign, pins: nodes.OtherCa.Pins));

        await TlsNodes.RefusalAsync(node, "WRN Refused 127.0.0.1:", "certificate \"server\" is from another CA", "(wrong CA)");
    }

    [Fact]
    public async Task An_expired_certificate_is_refused()
    {
        Assert.False(await Stranger.DialAsync(nodes.Port, await nodes.Ca.NodeAsync("expired", "127.0.0.1", "--days", "-3"), "127.0.0.1"));

        await TlsNodes.RefusalAsync(Server, "WRN Refused 127.0.0.1:", "certificate \"expired\" has expired on ");
    }

    [Fact]
    public async Task A_node_does_not_start_with_an_expired_certificate()
    {
        var old = await nodes.Ca.RoadsideAsync("old", "127.0.0.4", "live", "--days", "-1");

        var ended = await TrafficflowProcess.RunAsync("run", "--check", "--config", nodes.Config("old", "roadside", "127.0.0.4", old));

        Assert.Equal(ExitCodes.BadUsage, ended.Code);
        Assert.Contains("trafficflow.node.remoting.tls.certificate: certificate \"old\" has expired on ", ended.Error);
        Assert.Contains("renew it with 'ca.sh renew'", ended.Error);
    }

    [Fact]
    public async Task A_certificate_of_tomorrow_is_refused()
    {
        var early = await nodes.Ca.NodeAsync("early", "127.0.0.1", "--not-before", "tomorrow");
        Assert.False(await Stranger.DialAsync(nodes.Port, early, "127.0.0.1"));

        await TlsNodes.RefusalAsync(Server, "WRN Refused 127.0.0.1:", "certificate \"early\" is not valid before ");
    }

    [Fact]
    public async Task A_node_that_was_revoked_is_refused()
    {
        var revoked = await nodes.Ca.RoadsideAsync("revoked", "127.0.0.4", "live");
        var stale = nodes.Write("stale-pins.txt", await File.ReadAllTextAsync(nodes.Ca.Pins));
        await nodes.Ca.RevokeAsync("revoked");
        await using var node = TlsNodes.Run(nodes.Config("revoked", "roadside", "127.0.0.4", revoked, pins: stale));

        await TlsNodes.RefusalAsync(Server, "WRN Refused 127.0.0.1:", "certificate \"revoked\" is not in the pin list");
        await TlsNodes.RefusalAsync(node, "WRN No link with 127.0.0.1:", "it does not let this node in");
    }

    [Fact]
    public async Task A_node_that_is_revoked_while_it_is_joined_is_cut_off()
    {
        var leaver = await nodes.Ca.SubscriberAsync("leaver", "127.0.0.6");
        var config = nodes.Config("leaver", "subscriber", "127.0.0.6", leaver);
        await using var watch = TrafficflowProcess.Start("watch", "health.live.cam1", "--json", "--config", config);
        await watch.SayAsync("\"camera\":\"cam1\"", TlsNodes.Patience);

        await nodes.Ca.RevokeAsync("leaver");

        await TlsNodes.RefusalAsync(Server, "WRN Refused 127.0.0.1:", "certificate \"leaver\" is not in the pin list");
    }

    [Fact]
    public async Task A_peer_that_claims_to_be_another_node_is_refused()
    {
        Assert.False(await Stranger.DialAsync(nodes.Port, await nodes.Ca.NodeAsync("claimant", "127.0.0.7"), claimedHost: "127.0.0.2"));

        await TlsNodes.RefusalAsync(Server, "WRN Refused 127.0.0.1:", "certificate \"claimant\" is for 127.0.0.7 and not for 127.0.0.2 (wrong host)");
    }

    [Fact]
    public async Task A_peer_that_is_who_it_says_is_let_in() =>
        Assert.True(await Stranger.DialAsync(nodes.Port, await nodes.Ca.NodeAsync("honest", "127.0.0.8"), claimedHost: "127.0.0.8"));

    [Fact]
    public async Task Six_hundred_that_say_nothing_keep_nobody_out()
    {
        var silent = new List<TcpClient>();
        try
        {
            for (var i = 0; i < 600; i++) silent.Add(new TcpClient("127.0.0.1", nodes.Port));

            Assert.True(await Stranger.DialAsync(nodes.Port, await nodes.Ca.NodeAsync("patience", "127.0.0.11"), claimedHost: "127.0.0.11"));

            // The first of them made room at once, not when their time was over.
            Assert.True(IsClosed(silent[0]));
        }
        finally
        {
            foreach (var socket in silent) socket.Dispose();
        }
    }

    private static bool IsClosed(TcpClient client)
    {
        try
        {
            return client.Client.Poll(TimeSpan.FromSeconds(1), SelectMode.SelectRead) && client.Client.Receive(new byte[1]) == 0;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    [Fact]
    public async Task A_peer_without_a_certificate_is_refused()
    {
        Assert.False(await Stranger.DialAsync(nodes.Port, certificates: null, "127.0.0.2"));

        await TlsNodes.RefusalAsync(Server, "WRN Refused 127.0.0.1:", "it shows no certificate");
    }

    [Fact]
    public async Task A_peer_in_plain_text_is_refused()
    {
        await Stranger.SayAsync(nodes.Port, "no record of TLS begins like this");

        await TlsNodes.RefusalAsync(Server, "WRN Refused 127.0.0.1:", "it does not speak TLS (plain text)");
    }

    [Fact]
    public async Task A_node_does_not_start_in_plain_text()
    {
        var ended = await TrafficflowProcess.RunAsync("run", "--check", "--config", nodes.Config("plain", "roadside", "127.0.0.4", certificates: null));

        Assert.Equal(ExitCodes.BadUsage, ended.Code);
        Assert.Contains("trafficflow.node.remoting.tls: is missing: nodes speak mutual TLS or not at all", ended.Error);
    }

    [Fact]
    public async Task A_node_that_meets_an_impostor_in_the_place_of_its_server_goes_on_and_joins_the_true_one()
    {
        using var door = new TcpListener(IPAddress.Parse("127.0.0.9"), 0);
        door.Start();
        var port = ((IPEndPoint)door.LocalEndpoint).Port;
        var answered = Stranger.AnswerAsync(door, await nodes.Ca.NodeAsync("was-server", "127.0.0.9", "--days", "-2"));
        var config = nodes.Config("patient", "subscriber", "127.0.0.10", await nodes.Ca.SubscriberAsync("patient", "127.0.0.10"), seed: port, seedHost: "127.0.0.9");
        await File.WriteAllTextAsync(config, (await File.ReadAllTextAsync(config)).Replace("[\"127.0.0.9:", $"[\"127.0.0.1:{nodes.Port}\", \"127.0.0.9:", StringComparison.Ordinal));
        await using var watch = TrafficflowProcess.Start("watch", "health.live.cam1", "--json", "--config", config);

        await TlsNodes.RefusalAsync(watch, "Refused 127.0.0.9:", "certificate \"was-server\" has expired on ");
        await answered;
        await watch.SayAsync("\"camera\":\"cam1\"", TlsNodes.Patience);
    }

    [Fact]
    public async Task Nothing_of_ours_travels_in_clear()
    {
        var file = Path.Combine(nodes.Ca.Folder, "lo.pcap");
        await using var capture = await Capture.StartAsync(file, nodes.Port);
        Assert.SkipUnless(capture.IsRunning, $"the wire was not looked at: {capture.Reason}");

        await Stranger.SayAsync(nodes.Port, "a marker that the capture must see");
        await nodes.JoinedAsync();
        await capture.StopAsync();

        var bytes = await File.ReadAllBytesAsync(file);
        Assert.True(bytes.AsSpan().IndexOf("a marker that the capture must see"u8) > 0, "the capture missed the traffic");
        Assert.True(bytes.Length > 20_000, $"the capture holds {bytes.Length} bytes only");
        foreach (var word in new[] { "akka", "trafficflow", "cam1", "live", "subscriber", "roadside", "analyst" })
            Assert.True(bytes.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(word)) < 0, $"\"{word}\" travelled in clear");
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>No refusal ends a good node; that they still count together is looked at after the last one, see <see cref="TlsNodes"/>.</summary>
    public ValueTask DisposeAsync()
    {
        Assert.True(Server.IsRunning && nodes.Roadside.IsRunning, $"a good node ended\n{Server.Error}\n{nodes.Roadside.Error}");
        return ValueTask.CompletedTask;
    }
}
