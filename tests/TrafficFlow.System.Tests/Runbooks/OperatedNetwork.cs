using System.Globalization;
using TrafficFlow.SystemTests.Lab;

namespace TrafficFlow.SystemTests.Runbooks;

/// <summary>Machines that reach each other: each with an address of the loopback that no other test on this machine has, and scp between them.</summary>
internal sealed class OperatedNetwork : IAsyncDisposable
{
    private readonly string _links = Directory.CreateTempSubdirectory("trafficflow-machines-").FullName;
    private readonly List<OperatedMachine> _machines = [];

    private static int s_made = Random.Shared.Next(256);

    // 127.64.0.0 to 127.191.255.255: by process, and in one by number.
    private readonly string _net = string.Create(CultureInfo.InvariantCulture, $"127.{64 + (Environment.ProcessId % 128)}.{Interlocked.Increment(ref s_made) % 256}");

    /// <exception cref="LabUnavailableException">It cannot have a clock of its own here.</exception>
    public OperatedMachine Add(bool hasClock = false)
    {
        var machine = new OperatedMachine(string.Create(CultureInfo.InvariantCulture, $"{_net}.{_machines.Count + 1}"), _links, hasClock);
        _machines.Add(machine);
        return machine;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var machine in _machines) await machine.DisposeAsync();
        Directory.Delete(_links, recursive: true);
    }
}
