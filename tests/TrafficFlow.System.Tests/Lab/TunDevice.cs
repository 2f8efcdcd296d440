using System.Runtime.InteropServices;
using System.Text;

namespace TrafficFlow.SystemTests.Lab;

/// <summary>One host's end of the laboratory's link: each read is an IP packet that the host sends, each write one that it receives.</summary>
internal sealed unsafe partial class TunDevice : IDisposable
{
    public const string Name = "wire0";
    private const int ReadOnly = 0;
    private const int ReadWrite = 2;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;
    private const int NewNetwork = 0x40000000;
    private const nuint SetInterface = 0x400454ca;
    private const short PlainPackets = 0x1001; // IFF_TUN | IFF_NO_PI

    private TunDevice(int descriptor) => Descriptor = descriptor;

    public int Descriptor { get; }

    /// <param name="networkNamespace">As `ip netns` names it.</param>
    /// <exception cref="LabUnavailableException">It may not be opened here.</exception>
    public static TunDevice Open(string networkNamespace)
    {
        // A thread belongs to one namespace: this one ends in the host's, and no other thread of this process ever leaves its own.
        var descriptor = -1;
        var problem = "";
        var visitor = new Thread(() => descriptor = OpenInside(networkNamespace, out problem));
        visitor.Start();
        visitor.Join();
        return descriptor >= 0 ? new TunDevice(descriptor) : throw new LabUnavailableException($"no link can be made to {networkNamespace}: {problem}");
    }

    /// <returns>Length of the packet; 0 when none waits.</returns>
    public int Receive(Span<byte> packet)
    {
        fixed (byte* start = packet) return (int)Math.Max(0, Read(Descriptor, start, (nuint)packet.Length));
    }

    /// <summary>A host that cannot take a packet loses it, as on any network.</summary>
    public void Send(ReadOnlySpan<byte> packet)
    {
        fixed (byte* start = packet) _ = Write(Descriptor, start, (nuint)packet.Length);
    }

    public void Dispose() => _ = Close(Descriptor);

    private static int OpenInside(string networkNamespace, out string problem)
    {
        problem = "";
        var home = Open($"/run/netns/{networkNamespace}", ReadOnly | CloseOnExec);
        if (home < 0 || SetNamespace(home, NewNetwork) != 0)
        {
            problem = $"its namespace cannot be entered ({Marshal.GetLastPInvokeErrorMessage()})";
            if (home >= 0) _ = Close(home);
            return -1;
        }

        _ = Close(home);
        var tun = Open("/dev/net/tun", ReadWrite | NonBlocking | CloseOnExec);
        if (tun < 0)
        {
            problem = $"/dev/net/tun cannot be opened ({Marshal.GetLastPInvokeErrorMessage()})";
            return -1;
        }

        // struct ifreq: sixteen bytes of name, then the flags.
        var request = stackalloc byte[40];
        new Span<byte>(request, 40).Clear();
        Encoding.ASCII.GetBytes(Name, new Span<byte>(request, 16));
        *(short*)(request + 16) = PlainPackets;
        if (Control(tun, SetInterface, request) == 0) return tun;
        problem = $"no TUN device can be made ({Marshal.GetLastPInvokeErrorMessage()})";
        _ = Close(tun);
        return -1;
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(int descriptor, int kind);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(int descriptor, nuint request, byte* argument);

    [LibraryImport("libc", EntryPoint = "read")]
    private static partial nint Read(int descriptor, byte* buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "write")]
    private static partial nint Write(int descriptor, byte* buffer, nuint length);
}
