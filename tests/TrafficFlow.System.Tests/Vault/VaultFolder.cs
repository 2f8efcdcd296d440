using System.Net;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.Vault.Accounts;

namespace TrafficFlow.SystemTests.Vault;

/// <summary>Accounts in a folder of their own, with a clock that is moved by hand.</summary>
internal sealed class VaultFolder : IDisposable
{
    public const string GoodPassword = "brückenpfeiler 琥珀 ocarina";

    public static readonly IPAddress Home = IPAddress.Parse("192.0.2.7");

    private readonly SettingsFolder _folder = new();

    public VaultFolder()
    {
        Accounts = AccountStore.Open(Path, Clock);
        Sessions = new Sessions(Accounts, SessionLimits.Default, Path);
        Login = new Login(Accounts, Sessions);
        Tokens = new ApiTokens(Accounts);
    }

    public string Path => _folder.Path;

    public string File => System.IO.Path.Combine(Path, AccountStore.FileName);

    public VaultClock Clock { get; } = new();

    public AccountStore Accounts { get; }

    public Sessions Sessions { get; }

    public Login Login { get; }

    public ApiTokens Tokens { get; }

    /// <summary>An account that can log in with <see cref="GoodPassword"/>.</summary>
    public async Task AddAsync(string name, params Role[] roles) =>
        await Accounts.AcceptAsync((await Accounts.CreateAsync(name, roles, "unix:tester")).Text, GoodPassword);

    public Task<LogInResult> TryAsync(string name, string password, string? code = null, string? device = null, IPAddress? from = null) =>
        Login.TryAsync(new LogInRequest(name, password, code, device, from ?? Home));

    public void Dispose() => _folder.Dispose();
}
