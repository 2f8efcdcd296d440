using System.Globalization;
using System.Net.Sockets;
using Microsoft.Extensions.Hosting.Systemd;

namespace TrafficFlow.Node.Service;

/// <summary>The service manager that started the process, as sd_notify(3) and sd_watchdog_enabled(3) tell of it.</summary>
/// <param name="Watchdog">It restarts a process that has not fed it for so long; null where it does not.</param>
internal sealed record ServiceManager(ISystemdNotifier Notifier, TimeSpan? Watchdog)
{
    public static ServiceManager OfEnvironment() => new(
        new SystemdNotifier(),
        WatchdogOf(Environment.GetEnvironmentVariable("WATCHDOG_USEC"), Environment.GetEnvironmentVariable("WATCHDOG_PID"), Environment.ProcessId));

    public void Ready() => Send(ServiceState.Ready);

    public void Stopping() => Send(ServiceState.Stopping);

    public void Feed() => Send(new ServiceState("WATCHDOG=1"));

    /// <summary>One line, which `systemctl status` shows.</summary>
    public void Tell(string status) => Send(new ServiceState($"STATUS={Core.Texts.PlainText.Of(status, 300)}"));

    private void Send(ServiceState state)
    {
        try
        {
            Notifier.Notify(state);
        }
        catch (SocketException)
        {
            // Nobody listens, or cannot keep up: the next one comes soon, and a node does not end of it.
        }
    }

    /// <returns>Null also where the watchdog is another process's, or what is told is no number.</returns>
    internal static TimeSpan? WatchdogOf(string? microseconds, string? process, int own) =>
        long.TryParse(microseconds, NumberStyles.None, CultureInfo.InvariantCulture, out var period) && period is > 0 and < long.MaxValue / 10
        && (string.IsNullOrEmpty(process) || process == own.ToString(CultureInfo.InvariantCulture))
            ? TimeSpan.FromMicroseconds(period)
            : null;
}
