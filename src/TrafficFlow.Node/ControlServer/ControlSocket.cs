using System.Net.Sockets;
using System.Text;

namespace TrafficFlow.Node.ControlServer;

/// <summary>
/// The socket through which a node is inspected: a file that only the node's own account can open. It is bound while the node's lock on
/// its data directory is held, so that one which is there already was left by a node that was killed.
/// </summary>
internal sealed class ControlSocket : IDisposable
{
    private const string Name = "ctl.sock";

    /// <summary>sun_path of Linux has 108 bytes, the last of them 0.</summary>
    private const int LongestPath = 107;

    private readonly Socket _socket;

    private ControlSocket(Socket socket, string path)
    {
        _socket = socket;
        Path = path;
    }

    public string Path { get; }

    /// <summary>For the server that listens on it.</summary>
    public Socket Bound => _socket;

    /// <summary>Where the socket of a node with this data directory is.</summary>
    /// <exception cref="JobFailedException">No socket can be there.</exception>
    public static string PathIn(string dataDirectory) => TooLong(dataDirectory) is { } problem ? throw new JobFailedException(problem) : Place(dataDirectory);

    /// <summary>Why no node with this data directory could have its socket, and what to do; null where it could.</summary>
    public static string? Problem(string dataDirectory) => TooLong(dataDirectory)
        ?? (Directory.Exists(Place(dataDirectory)) ? $"{Place(dataDirectory)} is a folder, and the node's socket belongs there: move it away" : null);

    private static string Place(string dataDirectory) => System.IO.Path.Combine(System.IO.Path.GetFullPath(dataDirectory), Name);

    private static string? TooLong(string dataDirectory)
    {
        var path = Place(dataDirectory);
        var bytes = Encoding.UTF8.GetByteCount(path);
        return bytes <= LongestPath
            ? null
            : $"{path} is too long for a socket ({bytes} bytes, {LongestPath} at most): set a shorter trafficflow.node.data-directory";
    }

    /// <summary>Nobody can connect yet.</summary>
    /// <exception cref="JobFailedException">The message says what to do.</exception>
    public static ControlSocket Bind(string dataDirectory)
    {
        var path = PathIn(dataDirectory);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            File.Delete(path);
            socket.Bind(new UnixDomainSocketEndPoint(path));
            // Before it listens: nobody gets in who may not.
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            return new ControlSocket(socket, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SocketException)
        {
            socket.Dispose();
            throw new JobFailedException(
                $"{path} cannot be made ({e.Message}): move away what is in its place, and give the account that runs trafficflow write access to the data folder", e);
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        try
        {
            File.Delete(Path);
        }
        catch (IOException)
        {
            // The folder has gone before; with it went the socket.
        }
    }
}
