using System.Net;

namespace TrafficFlow.SystemTests.Lab;

/// <summary>Hosts of our own on a link of our own, as long as a test: no packet leaves it.</summary>
internal sealed class LabNetwork : IAsyncDisposable
{
    private readonly List<TestHost> _hosts = [];

    private LabNetwork(int seed) => Link = new LabLink(seed);

    public LabLink Link { get; }

    /// <param name="seed">Of the packets that a slow link loses.</param>
    /// <exception cref="LabUnavailableException">Not root, or not allowed.</exception>
    public static async Task<LabNetwork> CreateAsync(int seed, params IReadOnlyList<string> hosts)
    {
        if (!Environment.IsPrivilegedProcess) throw new LabUnavailableException("hosts of a laboratory are network namespaces, which only root may make");
        await LabOwner.CleanStaleAsync();
        var network = new LabNetwork(seed);
        try
        {
            foreach (var name in hosts) network._hosts.Add(await TestHost.CreateAsync(name, IPAddress.Parse($"10.77.0.{network._hosts.Count + 1}"), network.Link));
            return network;
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }
    }

    public TestHost this[string name] => _hosts.Single(h => h.Name == name);

    /// <summary>Both directions between two hosts.</summary>
    public IDisposable Impose(TestHost one, TestHost other, LinkCondition condition)
    {
        var there = ImposeOneWay(one, other, condition);
        var back = ImposeOneWay(other, one, condition);
        return new Both(there, back);
    }

    public IDisposable ImposeOneWay(TestHost from, TestHost to, LinkCondition condition) => Link.Impose(from.Address, to.Address, condition);

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts) await LabOwner.RemoveNamespaceAsync(host.Namespace);
        Link.Dispose();
    }

    private sealed class Both(IDisposable one, IDisposable other) : IDisposable
    {
        public void Dispose()
        {
            one.Dispose();
            other.Dispose();
        }
    }
}
