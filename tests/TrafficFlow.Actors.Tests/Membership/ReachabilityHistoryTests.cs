using TrafficFlow.Server.Membership;

namespace TrafficFlow.Actors.Tests.Membership;

/// <summary>When it is decided about whom, in seconds of a monotonic clock; servers have small numbers, roadside nodes large ones.</summary>
public sealed class ReachabilityHistoryTests
{
    private readonly ReachabilityHistory<int> _reachability = new(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(6));

    [Fact]
    public void A_dead_server_is_decided_about_in_time_while_roadside_nodes_come_and_go()
    {
        for (var s = 0.0; s < 2; s += 0.5)
        {
            _reachability.Observe(At(s), [2], (int)(s * 2) % 2 == 0 ? [101, 102] : [103]);
            Assert.Empty(_reachability.Due(At(s)));
        }

        _reachability.Observe(At(2), [2], [101]);

        Assert.Equal([2], _reachability.Due(At(2)));
    }

    [Fact]
    public void Servers_whose_picture_changes_again_and_again_are_decided_about_at_the_latest_after_the_bound()
    {
        for (var s = 0.0; s < 6; s++)
        {
            _reachability.Observe(At(s), (int)s % 2 == 0 ? [2] : [2, 3], []);
            Assert.Empty(_reachability.Due(At(s)));
        }

        _reachability.Observe(At(6), [2, 3], []);

        Assert.Equal([2, 3], _reachability.Due(At(6)).Order());
    }

    [Fact]
    public void A_roadside_node_is_removed_by_its_own_time()
    {
        _reachability.Observe(At(0), [], [101]);
        _reachability.Observe(At(1), [], [101, 102]);
        Assert.Empty(_reachability.Due(At(1)));
        Assert.Equal([101], _reachability.Due(At(2)));

        _reachability.Observe(At(2.5), [], [102]);
        _reachability.Observe(At(3), [], [101, 102]);

        Assert.Equal([102], _reachability.Due(At(3)));
    }

    [Fact]
    public void While_servers_are_undecided_nobody_is_removed()
    {
        _reachability.Observe(At(0), [], [101]);
        _reachability.Observe(At(2), [2], [101]);
        Assert.Empty(_reachability.Due(At(3)));

        Assert.Equal([2, 101], _reachability.Due(At(4)).Order());
    }

    [Fact]
    public void A_server_that_is_back_is_forgotten()
    {
        Assert.True(_reachability.Observe(At(0), [2], []));
        Assert.True(_reachability.Observe(At(1), [], []));
        Assert.True(_reachability.Observe(At(5.5), [2], []));
        Assert.False(_reachability.Observe(At(6), [2], []));
        Assert.Empty(_reachability.Due(At(7)));

        _reachability.Reset();
        Assert.True(_reachability.Observe(At(8), [2], []));
        Assert.Empty(_reachability.Due(At(9.9)));
    }

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);
}
