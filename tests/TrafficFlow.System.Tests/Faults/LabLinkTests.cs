using System.Diagnostics;
using System.Globalization;
using TrafficFlow.SystemTests.Lab;
using Xunit;

namespace TrafficFlow.SystemTests.Faults;

/// <summary>The laboratory itself: its link does to packets what it says.</summary>
public sealed class LabLinkTests
{
    [Fact]
    public async Task Two_hosts_reach_each_other_and_a_cut_parts_them()
    {
        await using var network = await LabSkips.OrSkipAsync(LabNetwork.CreateAsync(1, "one", "other"));

        Assert.Equal(20, await AnswersAsync(network, 20));
        using (network.Impose(network["one"], network["other"], LinkCondition.Cut)) Assert.Equal(0, await AnswersAsync(network, 5));
        Assert.Equal(20, await AnswersAsync(network, 20));
    }

    [Fact]
    public async Task A_one_way_cut_lets_the_other_way_through()
    {
        await using var network = await LabSkips.OrSkipAsync(LabNetwork.CreateAsync(1, "one", "other"));
        using var cut = network.ImposeOneWay(network["other"], network["one"], LinkCondition.Cut);
        var before = network.Link.Forwarded;

        Assert.Equal(0, await AnswersAsync(network, 5));

        Assert.Equal(before + 5, network.Link.Forwarded); // the requests
    }

    [Fact]
    public async Task A_slow_link_delays_every_packet_and_loses_a_few()
    {
        await using var network = await LabSkips.OrSkipAsync(LabNetwork.CreateAsync(1, "one", "other"));
        using var slow = network.Impose(network["one"], network["other"], new LinkCondition(TimeSpan.FromMilliseconds(200), 0.2));
        var clock = Stopwatch.StartNew();

        var answers = await AnswersAsync(network, 100);

        Assert.InRange(answers, 45, 83); // 0.8 there and 0.8 back are 64
        Assert.True(clock.Elapsed > TimeSpan.FromMilliseconds(400));
    }

    [Fact]
    public async Task The_worst_of_two_conditions_holds_until_it_ends()
    {
        await using var network = await LabSkips.OrSkipAsync(LabNetwork.CreateAsync(1, "one", "other"));
        using var slow = network.Impose(network["one"], network["other"], new LinkCondition(TimeSpan.FromMilliseconds(50), 0));
        var cut = network.Impose(network["one"], network["other"], LinkCondition.Cut);

        Assert.Equal(0, await AnswersAsync(network, 5));
        cut.Dispose();
        Assert.Equal(5, await AnswersAsync(network, 5));
    }

    [Fact]
    public async Task A_dead_laboratory_leaves_nothing_behind()
    {
        var network = await LabSkips.OrSkipAsync(LabNetwork.CreateAsync(1, "one"));
        var space = network["one"].Namespace;
        using var sleeper = Process.Start(network["one"].Inside(new ProcessStartInfo("sleep", ["600"])))!;

        await network.DisposeAsync();

        await sleeper.WaitForExitAsync(new CancellationTokenSource(TimeSpan.FromSeconds(10)).Token);
        Assert.False(File.Exists($"/run/netns/{space}"));
    }

    /// <summary>How many packets came there and back.</summary>
    private static async Task<int> AnswersAsync(LabNetwork network, int packets)
    {
        var (_, output, error) = await network["one"].TryAsync("python3", "-c", Ping, network["other"].Address.ToString(), packets.ToString(CultureInfo.InvariantCulture), network["other"].Namespace);
        return int.TryParse(output, CultureInfo.InvariantCulture, out var answers) ? answers : throw new InvalidOperationException(error);
    }

    private const string Ping =
        """
        import os, socket, sys, threading
        there, packets, space = sys.argv[1], int(sys.argv[2]), sys.argv[3]
        near = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        near.settimeout(1)
        os.setns(os.open("/run/netns/" + space, os.O_RDONLY)) if hasattr(os, "setns") else __import__("ctypes").CDLL(None).setns(os.open("/run/netns/" + space, os.O_RDONLY), 0)
        far = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        far.bind((there, 7))
        def echo():
            while True:
                data, address = far.recvfrom(100)
                far.sendto(data, address)
        threading.Thread(target=echo, daemon=True).start()
        for i in range(packets):
            near.sendto(b"%d" % i, (there, 7))
        answers = 0
        try:
            while answers < packets:
                near.recvfrom(100)
                answers += 1
        except TimeoutError:
            pass
        print(answers)
        """;
}
