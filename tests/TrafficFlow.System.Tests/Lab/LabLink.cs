using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;

namespace TrafficFlow.SystemTests.Lab;

/// <summary>
/// The wire between the hosts: takes each packet from the one and gives it to the other, late, or not at all. It stands where the kernel's
/// netem would, which not every kernel has. One thread does it all; conditions may be set from any other.
/// </summary>
internal sealed unsafe partial class LabLink : IDisposable
{
    private const int Ipv4 = 4;
    private const int DestinationOffset = 16;
    private const int HeaderLength = 20;
    private const int LargestPacket = 65536;
    private const int Burst = 64;
    private const int IdleMilliseconds = 20;
    private const short Readable = 1;

    private readonly Lock _gate = new();
    private readonly List<(IPAddress From, IPAddress To, LinkCondition Condition)> _imposed = [];
    private readonly Dictionary<(uint From, uint To), LinkCondition> _conditions = [];
    private readonly PriorityQueue<(byte[] Packet, uint From, uint To), long> _late = new();
    private readonly Random _chance;
    private readonly Thread _thread;
    private (uint Address, TunDevice Device)[] _hosts = [];
    private long _forwarded;
    private long _dropped;
    private volatile bool _ended;

    public LabLink(int seed)
    {
        _chance = new Random(seed);
        _thread = new Thread(Forward) { IsBackground = true, Name = "laboratory link" };
        _thread.Start();
    }

    public long Forwarded => Interlocked.Read(ref _forwarded);

    public long Dropped => Interlocked.Read(ref _dropped);

    public void Add(IPAddress address, TunDevice device)
    {
        lock (_gate) _hosts = [.. _hosts, (Number(address), device)];
    }

    /// <summary>One direction; the worst of what is imposed at a time holds. It ends when the answer is disposed.</summary>
    public IDisposable Impose(IPAddress from, IPAddress to, LinkCondition condition)
    {
        var imposed = (from, to, condition);
        lock (_gate)
        {
            _imposed.Add(imposed);
            Settle();
        }

        return new Imposed(() =>
        {
            lock (_gate)
            {
                _imposed.Remove(imposed);
                Settle();
            }
        });
    }

    public void Dispose()
    {
        _ended = true;
        _thread.Join();
        foreach (var (_, device) in _hosts) device.Dispose();
    }

    private void Settle()
    {
        _conditions.Clear();
        foreach (var (from, to, condition) in _imposed)
        {
            var key = (Number(from), Number(to));
            _conditions[key] = _conditions.GetValueOrDefault(key).And(condition);
        }
    }

    private void Forward()
    {
        var buffer = new byte[LargestPacket];
        Waiting[] waiting = [];
        while (!_ended)
        {
            (uint Address, TunDevice Device)[] hosts;
            lock (_gate) hosts = _hosts;
            if (waiting.Length != hosts.Length) waiting = [.. hosts.Select(h => new Waiting { Descriptor = h.Device.Descriptor, Wanted = Readable })];
            Await(waiting);
            for (var i = 0; i < hosts.Length; i++)
            {
                if ((waiting[i].Found & Readable) == 0) continue;
                int length;
                for (var taken = 0; taken < Burst && (length = hosts[i].Device.Receive(buffer)) > 0; taken++) Take(hosts[i].Address, buffer.AsSpan(0, length));
            }

            while (_late.TryPeek(out _, out var due) && due <= Stopwatch.GetTimestamp())
            {
                var (packet, from, to) = _late.Dequeue();
                Deliver(packet, from, to);
            }
        }
    }

    private void Await(Waiting[] waiting)
    {
        var patience = IdleMilliseconds;
        if (_late.TryPeek(out _, out var due)) patience = (int)Math.Clamp(Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due).TotalMilliseconds + 1, 0, IdleMilliseconds);
        fixed (Waiting* first = waiting) _ = Poll(first, (nuint)waiting.Length, patience);
    }

    private void Take(uint from, Span<byte> packet)
    {
        if (packet.Length < HeaderLength || packet[0] >> 4 != Ipv4) return;
        var to = BitConverter.ToUInt32(packet[DestinationOffset..]);
        var condition = Condition(from, to);
        if (condition.Loss > 0 && _chance.NextDouble() < condition.Loss) Interlocked.Increment(ref _dropped);
        else if (condition.Delay == TimeSpan.Zero) Deliver(packet, from, to);
        else _late.Enqueue((packet.ToArray(), from, to), Stopwatch.GetTimestamp() + (long)(condition.Delay.TotalSeconds * Stopwatch.Frequency));
    }

    /// <summary>A cut also takes what is on its way.</summary>
    private void Deliver(ReadOnlySpan<byte> packet, uint from, uint to)
    {
        foreach (var (address, device) in _hosts)
        {
            if (address != to || Condition(from, to).Loss >= 1) continue;
            device.Send(packet);
            Interlocked.Increment(ref _forwarded);
            return;
        }

        Interlocked.Increment(ref _dropped);
    }

    private LinkCondition Condition(uint from, uint to)
    {
        lock (_gate) return _conditions.GetValueOrDefault((from, to));
    }

    private static uint Number(IPAddress address) => BitConverter.ToUInt32(address.GetAddressBytes());

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Poll(Waiting* first, nuint count, int milliseconds);

    [StructLayout(LayoutKind.Sequential)]
    private struct Waiting
    {
        public int Descriptor;
        public short Wanted;
        public short Found;
    }

    private sealed class Imposed(Action end) : IDisposable
    {
        private Action? _end = end;

        public void Dispose() => Interlocked.Exchange(ref _end, null)?.Invoke();
    }
}
