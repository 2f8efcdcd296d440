using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace TrafficFlow.Node.Retention;

/// <summary>
/// Whether a time service keeps the clock of this machine right. The kernel knows it, but does not tell a unit with ProtectClock; then systemd-timesyncd's mark and chrony's own answer tell it.
/// </summary>
internal static class TimeServices
{
    private const int TimeError = 5;
    private const int Failed = -1;

    /// <summary>Touched by systemd-timesyncd each time that it has set the clock; gone with the boot.</summary>
    public const string TimesyncMark = "/run/systemd/timesync/synchronized";

    /// <summary>Where chrony answers on every machine that does not forbid it.</summary>
    public static readonly IPEndPoint Chrony = new(IPAddress.Loopback, 323);

    private static readonly TimeSpan s_answerWithin = TimeSpan.FromMilliseconds(500);

    /// <returns>Null where nobody tells.</returns>
    public static bool? IsSynchronised() => IsSynchronised(Kernel, TimesyncMark, Chrony);

    /// <param name="kernel">Null where the kernel does not tell.</param>
    internal static bool? IsSynchronised(Func<bool?> kernel, string timesyncMark, IPEndPoint chrony) => kernel() ?? (File.Exists(timesyncMark) ? true : AskChrony(chrony));

    /// <summary>What adjtimex(2) says.</summary>
    internal static bool? Kernel()
    {
        if (!OperatingSystem.IsLinux()) return null;
        // struct timex, 208 bytes on every 64-bit Linux; all zero, it asks without changing anything.
        var timex = new byte[512];
        return Adjtimex(timex) switch
        {
            Failed => null,
            TimeError => false,
            _ => true,
        };
    }

    /// <summary>Asks chronyd whether it is synchronised: the request "tracking" of its command protocol (version 6), which it answers to everybody on the machine.</summary>
    /// <returns>Null where nobody answers.</returns>
    internal static bool? AskChrony(IPEndPoint at)
    {
        const int Request = 1, Reply = 2, Version = 6, Tracking = 33, TrackingReply = 5, Bytes = 104, LeapAt = 54, NotSynchronised = 3, SourceAt = 28;
        // Its own clock, which nothing else keeps right ("local stratum").
        const uint OwnClock = 0x7F7F0101;
        // As long as the answer: chrony sends nobody more than it got.
        var request = new byte[Bytes];
        (request[0], request[1]) = (Version, Request);
        BinaryPrimitives.WriteUInt16BigEndian(request.AsSpan(4), Tracking);
        var sequence = unchecked((uint)Random.Shared.Next(int.MinValue, int.MaxValue));
        BinaryPrimitives.WriteUInt32BigEndian(request.AsSpan(8), sequence);
        try
        {
            using var socket = new Socket(at.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = (int)s_answerWithin.TotalMilliseconds, SendTimeout = (int)s_answerWithin.TotalMilliseconds };
            socket.Connect(at);
            socket.Send(request);
            var answer = new byte[512];
            var length = socket.Receive(answer);
            if (length < Bytes || answer[0] != Version || answer[1] != Reply || BinaryPrimitives.ReadUInt16BigEndian(answer.AsSpan(4)) != Tracking) return null;
            if (BinaryPrimitives.ReadUInt16BigEndian(answer.AsSpan(6)) != TrackingReply || BinaryPrimitives.ReadUInt16BigEndian(answer.AsSpan(8)) != 0 || BinaryPrimitives.ReadUInt32BigEndian(answer.AsSpan(16)) != sequence) return null;
            return BinaryPrimitives.ReadUInt16BigEndian(answer.AsSpan(LeapAt)) != NotSynchronised && BinaryPrimitives.ReadUInt32BigEndian(answer.AsSpan(SourceAt)) is not (0 or OwnClock);
        }
        catch (SocketException)
        {
            return null;
        }
    }

    [DllImport("libc", EntryPoint = "adjtimex")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Adjtimex([In, Out] byte[] timex);
}
