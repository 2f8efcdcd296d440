using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace TrafficFlow.Node.ControlServer;

/// <summary>The local account at the other end of a Unix socket, as the kernel tells it.</summary>
internal static class PeerAccount
{
    private const string Unknown = "unix:unknown";
    private const int SolSocket = 1;
    private const int SoPeerCred = 17;

    /// <returns>unix:NAME, or unix:NUMBER for an account without an entry in /etc/passwd.</returns>
    public static string Of(Socket? socket)
    {
        if (socket is null || !OperatingSystem.IsLinux()) return Unknown;
        // struct ucred: process, user, group.
        Span<byte> credentials = stackalloc byte[3 * sizeof(int)];
        try
        {
            socket.GetRawSocketOption(SolSocket, SoPeerCred, credentials);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return Unknown;
        }

        var user = MemoryMarshal.Read<uint>(credentials[sizeof(int)..]);
        return $"unix:{NameOf(user)}";
    }

    private static string NameOf(uint user)
    {
        var number = user.ToString(System.Globalization.CultureInfo.InvariantCulture);
        try
        {
            return File.ReadLines("/etc/passwd").Select(l => l.Split(':')).FirstOrDefault(f => f.Length > 2 && f[2] == number)?[0] ?? number;
        }
        catch (IOException)
        {
            return number;
        }
    }
}
