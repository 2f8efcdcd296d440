using System.Net;
using TrafficFlow.Wire.Tls;

namespace TrafficFlow.Actors.Tests.Tls;

/// <summary>Whose place is taken by one more that dials.</summary>
public sealed class HandshakeQueueTests
{
    private static readonly IPAddress Attacker = IPAddress.Parse("10.0.0.66");
    private readonly List<string> _left = [];

    [Fact]
    public void The_oldest_of_an_address_that_has_its_share_leaves_and_no_other()
    {
        var queue = new HandshakeQueue(10, 2);
        Enter(queue, "10.0.0.1", "good");
        for (var i = 0; i < 600; i++) Enter(queue, "10.0.0.66", $"bad{i}");

        Assert.Equal(3, queue.Count);
        Assert.Equal(Enumerable.Range(0, 598).Select(i => $"bad{i}"), _left);
    }

    [Fact]
    public void In_all_there_are_only_so_many()
    {
        var queue = new HandshakeQueue(3, 2);
        foreach (var host in Enumerable.Range(1, 5)) Enter(queue, $"10.0.0.{host}", $"{host}");

        Assert.Equal(3, queue.Count);
        Assert.Equal(["1", "2"], _left);
    }

    [Fact]
    public void Who_has_begun_to_speak_stays_while_there_are_silent_ones()
    {
        var queue = new HandshakeQueue(10, 3);
        var speaks = queue.Enter(Attacker, () => _left.Add("speaks"));
        speaks.Spoke();
        for (var i = 0; i < 10; i++) Enter(queue, "10.0.0.66", $"{i}");

        Assert.DoesNotContain("speaks", _left);
        Assert.Equal(8, _left.Count);
    }

    [Fact]
    public void A_place_that_was_given_back_is_free()
    {
        var queue = new HandshakeQueue(1, 1);
        queue.Enter(Attacker, () => _left.Add("first")).Dispose();
        Enter(queue, "10.0.0.66", "second");

        Assert.Empty(_left);
        Assert.Equal(1, queue.Count);
    }

    private void Enter(HandshakeQueue queue, string from, string name) => queue.Enter(IPAddress.Parse(from), () => _left.Add(name));
}
