using System.Net;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.Registers;
using TrafficFlow.Wire.Authorization;

namespace TrafficFlow.Node.Registers;

/// <summary>
/// A person logs in for one deed, at a terminal: with the account of the pages, its password and second factor, under the same waits after failed tries. Whose user of the machine the terminal is, root's
/// or another's, does not make that person. Thread-safe.
/// </summary>
/// <param name="record">Into the audit; false where it cannot be recorded now.</param>
internal sealed class PersonLogIn(AccountStore accounts, Func<AuditEvent, Task<bool>> record)
{
    private readonly Login _login = new(accounts, new Sessions(accounts, SessionLimits.Default));

    /// <param name="via">At whose terminal: unix:NAME.</param>
    /// <exception cref="RegisterException">Name, password or code is wrong, too many tries failed, or the account is of neither role that touches recordings.</exception>
    /// <exception cref="VaultFileException">It cannot be recorded.</exception>
    public async Task<Principal> CheckAsync(string name, string? password, string? code, Principal via)
    {
        var result = await _login.TryAsync(new LogInRequest(name, password ?? "", string.IsNullOrWhiteSpace(code) ? null : code.Trim(), null, IPAddress.Loopback) { RemembersDevice = false });
        await _login.FlushAsync();
        if (result.Session is not { Principal: var principal })
        {
            await record(new AuditEvent(AuditKind.FailedTry, via.Name, via.Account, "log-in at a terminal", Core.Texts.PlainText.Of(name, 64), $"refused: {result.Message}"));
            throw new RegisterException($"{result.Message}; nothing was done");
        }

        if (!principal.Is(Role.Custodian) && !principal.Is(Role.Operator)) throw new RegisterException($"{name} is neither custodian nor operator; nothing was done");
        var person = principal.ToPrincipal();
        return await record(new AuditEvent(AuditKind.LogIn, person.Name, person.Account, "log-in at a terminal", name, Details: via.Account)) ? person
            : throw new VaultFileException("the audit cannot be written now, and nobody logs in at a terminal without a record of it");
    }
}
