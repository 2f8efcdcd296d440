using System.Net;
using System.Net.Sockets;
using TrafficFlow.Node.Settings;

namespace TrafficFlow.Node.Monitoring;

/// <summary>The TCP port of metrics and health, bound before anything of the node starts: that it cannot be had is told at once.</summary>
internal sealed class MonitoringSocket : IDisposable
{
    private const string Setting = "trafficflow.monitoring.listen";

    private MonitoringSocket(Socket bound) => Bound = bound;

    /// <summary>For the server that listens on it.</summary>
    public Socket Bound { get; }

    public IPEndPoint Address => (IPEndPoint)Bound.LocalEndPoint!;

    /// <summary>As a browser takes it.</summary>
    public string Url => $"http://{Address}";

    /// <returns>Null where nothing is to be served.</returns>
    /// <exception cref="JobFailedException">The message says what to do.</exception>
    public static MonitoringSocket? Bind(MonitoringSettings settings)
    {
        if (settings.Listen is not { } address) return null;
        try
        {
            return Bind(address);
        }
        catch (SocketException e)
        {
            throw new JobFailedException(Problem(address, e), e);
        }
    }

    /// <returns>Null where the address can be had.</returns>
    public static string? Problem(IPEndPoint address)
    {
        try
        {
            using var probe = Bind(address);
            probe.Bound.Listen();
            return null;
        }
        catch (SocketException e)
        {
            return Problem(address, e);
        }
    }

    private static MonitoringSocket Bind(IPEndPoint address)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // [::] means what it says: IPv4 addresses are not taken along unseen.
            if (address.AddressFamily == AddressFamily.InterNetworkV6) socket.DualMode = false;
            socket.Bind(address);
            return new MonitoringSocket(socket);
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }

    private static string Problem(IPEndPoint address, SocketException e) => e.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => $"port {address.Port} of {address.Address} is taken: does another node, or another exporter, run here? Stop it, or set another port in {Setting}",
        SocketError.AddressNotAvailable => $"{address.Address} is no address of this machine: set one that is (ip address lists them) in {Setting}, or 127.0.0.1",
        SocketError.AccessDenied => $"port {address.Port} may not be opened by this account: set one from 1024 on in {Setting}",
        _ => $"{address} cannot be used for metrics ({e.Message}): set another {Setting}, or off",
    };

    public void Dispose() => Bound.Dispose();
}
