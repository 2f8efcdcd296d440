using TrafficFlow.Vault.Accounts;

namespace TrafficFlow.Node.Settings.Nodes;

/// <summary>Reads trafficflow.accounts: when sessions end.</summary>
internal static class AccountsSection
{
    public static SessionLimits Read(SettingsReader? accounts)
    {
        var usual = SessionLimits.Default;
        if (accounts is null) return usual;
        var limits = usual with
        {
            Idle = accounts.Has("idle") ? accounts.Duration("idle", TimeSpan.FromMinutes(1), TimeSpan.FromHours(24)) : usual.Idle,
            Absolute = accounts.Has("longest") ? accounts.Duration("longest", TimeSpan.FromMinutes(5), TimeSpan.FromDays(30)) : usual.Absolute,
        };
        if (limits.Idle > limits.Absolute) accounts.Problem("idle", "is longer than the longest session", "make accounts.idle shorter, or accounts.longest longer");
        accounts.RefuseUnknown();
        return limits;
    }
}
