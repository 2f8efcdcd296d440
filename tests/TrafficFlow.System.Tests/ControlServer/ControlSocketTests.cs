using System.Net.Sockets;
using System.Runtime.Versioning;
using TrafficFlow.Node;
using TrafficFlow.Node.ControlServer;
using TrafficFlow.SystemTests.Settings;
using Xunit;

namespace TrafficFlow.SystemTests.ControlServer;

[UnsupportedOSPlatform("windows")]
public sealed class ControlSocketTests : IDisposable
{
    private readonly SettingsFolder _folder = new();

    [Fact]
    public void It_is_open_to_its_own_account_only_before_anybody_can_connect()
    {
        using var socket = ControlSocket.Bind(_folder.Path);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(socket.Path));
        Assert.Throws<SocketException>(() => Connect(socket.Path));
        socket.Bound.Listen();
        Connect(socket.Path);
    }

    [Fact]
    public void One_that_a_killed_node_left_is_replaced_and_it_goes_with_the_node()
    {
        var left = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        left.Bind(new UnixDomainSocketEndPoint(ControlSocket.PathIn(_folder.Path)));

        using (var socket = ControlSocket.Bind(_folder.Path))
        {
            socket.Bound.Listen();
            Connect(socket.Path);
        }

        Assert.False(File.Exists(ControlSocket.PathIn(_folder.Path)));
        left.Dispose();
    }

    [Fact]
    public void A_path_that_is_too_long_is_told_with_its_length()
    {
        var fits = Path.Combine(_folder.Path, new string('d', 107 - _folder.Path.Length - "//ctl.sock".Length));
        Directory.CreateDirectory(fits);
        ControlSocket.Bind(fits).Dispose();

        Assert.Contains("is too long for a socket (108 bytes, 107 at most)", Assert.Throws<JobFailedException>(() => ControlSocket.Bind(fits + "d")).Message);
    }

    [Fact]
    public void A_folder_in_its_place_is_told()
    {
        Directory.CreateDirectory(ControlSocket.PathIn(_folder.Path));

        Assert.Contains("move away what is in its place", Assert.Throws<JobFailedException>(() => ControlSocket.Bind(_folder.Path)).Message);
    }

    public void Dispose() => _folder.Dispose();

    private static void Connect(string path)
    {
        using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        client.Connect(new UnixDomainSocketEndPoint(path));
    }
}
