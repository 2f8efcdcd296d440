using System.Collections.Immutable;
using TrafficFlow.Core.Custody;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.Registers;

namespace TrafficFlow.Vault.Persons;

/// <summary>What a look at the dismissals has done.</summary>
/// <param name="Done">Carried out now.</param>
/// <param name="Again">Accounts of dismissed persons that could log in again, as after a backup was put back, and cannot any more.</param>
/// <param name="Held">Could not be carried out, and why: tried again at the next look.</param>
public sealed record PersonsEnforced(ImmutableArray<(Appointment Appointment, string Account)> Done, ImmutableArray<string> Again, ImmutableArray<(Appointment Appointment, string Why)> Held)
{
    public static readonly PersonsEnforced Nothing = new([], [], []);
}

/// <summary>What became of a dismissal that was entered at another server.</summary>
public enum DismissedThere
{
    NoAccount,
    Done,
    AppointedSince,
    AnotherPerson,
    Held,
}

/// <summary>
/// The register of persons, and what follows of it for their accounts. A dismissal is entered first and carried out then: a crash between is made good by the next look. What was carried
/// out is entered too, so that no clock makes it undone. Thread-safe.
/// </summary>
/// <remarks>Every member throws <see cref="VaultFileException"/> where the register or the accounts cannot be used, and changes throw <see cref="RegisterException"/> where they cannot be.</remarks>
public sealed class PersonStore(string dataFolder, AccountStore accounts, TimeProvider time)
{
    public const string Name = "persons";

    private readonly SignedRegister<PersonRegister, PersonEvent> _register = new(dataFolder, Name, PersonRegister.Empty, (state, entry) => state.Apply(entry), time);

    public PersonRegister Read() => _register.State;

    /// <summary>All that was ever entered, the first first.</summary>
    public ImmutableArray<RegisterEntry<PersonEvent>> History() => _register.Entries;

    /// <param name="from">When it begins; it may come.</param>
    public async Task<RegisterEntry<PersonEvent>> AppointAsync(RegisterAuthor by, string? person, string? account, Duty duty, DateTimeOffset from)
    {
        var own = string.IsNullOrWhiteSpace(account) ? null : account.Trim();
        if (own is not null && accounts.List().Find(own) is null)
            throw new RegisterException($"there is no account {Core.Texts.PlainText.Of(own, 64)}: make it first (trafficflow account add {Core.Texts.PlainText.Of(own, 64)} --role {RoleNames.Of(Duties.RoleOf(duty))}), or appoint the person without one");
        var entry = await OneAsync(by, (state, _) => state.Appoint(person, own, duty, from)).ConfigureAwait(false);
        // Who was dismissed once may be let in again from that day on: a custodian does that, by hand.
        if (own is not null && from <= time.GetUtcNow()) await accounts.ChangeAsync(list => (list.Reinstate(own), true)).ConfigureAwait(false);
        return entry;
    }

    /// <summary>Ends a duty. At once: then the account has lost what it had when this returns.</summary>
    /// <param name="effective">Null for at once.</param>
    public async Task<(RegisterEntry<PersonEvent> Entry, PersonsEnforced Enforced)> DismissAsync(RegisterAuthor by, string id, DateTimeOffset? effective, string? reason)
    {
        var entry = await OneAsync(by, (state, now) =>
        {
            var dismissed = state.Dismiss(id, effective, reason, now);
            if (dismissed.Effective <= now && state.Get(id) is { Account: { } account } && WouldLockOut(account, state.Get(id).Duty))
                throw new RegisterException($"{account} is the only custodian who can log in: another one must have used the link first (trafficflow account add NAME --role custodian); nothing was entered");
            return dismissed;
        }).ConfigureAwait(false);
        return (entry, await EnforceAsync().ConfigureAwait(false));
    }

    /// <summary>Does here what another server of the cluster has entered, which has accounts of its own: appointments of that account are ended, and the account loses what it has. It may be told again and again.</summary>
    /// <param name="by">Who entered it there, and where.</param>
    /// <param name="entered">When, by the clock there. Who was appointed here later, by the clock here, stays, and is told as not done.</param>
    /// <returns>What came of it; why, where it was not done; whether anything was changed by this call.</returns>
    public async Task<(DismissedThere Outcome, string Why, bool IsNew)> DismissedElsewhereAsync(RegisterAuthor by, string account, string person, DateTimeOffset entered)
    {
        if (accounts.List().Find(account) is null) return (DismissedThere.NoAccount, "", false);
        var own = Read().Appointments.Where(a => a.Account == account).ToList();
        if (own.LastOrDefault() is { } last && !PersonRegister.IsSamePerson(last.Person, person)) return (DismissedThere.AnotherPerson, $"{account} is {last.Person}'s there", false);
        var open = own.Where(a => a.Dismissal is not { TookEffectAt: not null }).ToList();
        // By two clocks, of which either may be wrong: nothing is done, and that is told, until a person has decided it.
        if (open.Where(a => a.EnteredAt > entered).MaxBy(a => a.EnteredAt) is { } since)
            return (DismissedThere.AppointedSince, $"appointed there on {since.EnteredAt.UtcDateTime:yyyy-MM-dd HH:mm}Z: dismiss there too", false);
        var isNew = false;
        try
        {
            // One that is due already is carried out below.
            foreach (var appointment in open.Where(a => !(a.Dismissal?.Effective <= time.GetUtcNow())))
            {
                await DismissAsync(by, appointment.Id, null, $"dismissed at another server of the cluster ({by.Account})").ConfigureAwait(false);
                isNew = true;
            }

            if (open.Count > 0 && (await EnforceAsync().ConfigureAwait(false)).Held.FirstOrDefault(h => h.Appointment.Account == account) is { Why: { } why }) return (DismissedThere.Held, why, isNew);
            if (accounts.List().Find(account) is { IsDisabled: true, IsDismissed: true }) return (DismissedThere.Done, "", isNew);
            await accounts.ChangeAsync(list => (list.Dismiss(account, by.Account, time.GetUtcNow()), true)).ConfigureAwait(false);
            return (DismissedThere.Done, "", true);
        }
        catch (Exception e) when (e is RegisterException or AccountException)
        {
            return (DismissedThere.Held, e.Message, isNew);
        }
    }

    public Task<RegisterEntry<PersonEvent>> WithdrawAsync(RegisterAuthor by, string id, string? reason) => OneAsync(by, (state, now) => state.Withdraw(id, reason, now));

    /// <summary>Carries out every dismissal whose time has come, and sees to it that none has become undone. At the start and often: nothing is done where there is nothing to do.</summary>
    public async Task<PersonsEnforced> EnforceAsync()
    {
        var (state, now) = (Read(), time.GetUtcNow());
        if (state.Appointments.IsEmpty) return PersonsEnforced.Nothing;
        var done = ImmutableArray.CreateBuilder<(Appointment, string)>();
        var held = ImmutableArray.CreateBuilder<(Appointment, string)>();
        foreach (var due in state.Due(now))
        {
            try
            {
                var account = await TakeAwayAsync(state, due, now).ConfigureAwait(false);
                // Somebody else may have done it meanwhile.
                var (isNew, _) = await _register.ChangeAsync<bool>(RegisterAuthor.Node, (current, _) =>
                    current.Get(due.Id).Dismissal is { TookEffectAt: null } ? ([new DismissalTookEffect(due.Id, account)], true) : ([], false)).ConfigureAwait(false);
                if (isNew) done.Add((due, account));
            }
            catch (AccountException e)
            {
                held.Add((due, e.Message));
            }
        }

        return new PersonsEnforced(done.ToImmutable(), await EnforceAgainAsync(now).ConfigureAwait(false), held.ToImmutable());
    }

    private async Task<ImmutableArray<string>> EnforceAgainAsync(DateTimeOffset now)
    {
        var (state, list) = (Read(), accounts.List());
        var again = ImmutableArray.CreateBuilder<string>();
        foreach (var account in state.Appointments.Select(a => a.Account).OfType<string>().Distinct())
        {
            if (list.Find(account) is { IsDismissed: true } && state.IsInForce(account, now))
            {
                // Appointed anew, for a day that has come.
                await accounts.ChangeAsync(l => (l.Reinstate(account), true)).ConfigureAwait(false);
                continue;
            }

            if (!state.IsDismissed(account, now) || list.Find(account) is not { } found || (found.IsDisabled && found.IsDismissed)) continue;
            try
            {
                await accounts.ChangeAsync(l => (l.Dismiss(account, RegisterAuthor.Node.Account, now), true)).ConfigureAwait(false);
                again.Add(account);
            }
            catch (AccountException)
            {
                // The last custodian who can log in: told as held where it is due, and shown on the page.
            }
        }

        return again.ToImmutable();
    }

    /// <returns>What became of the account.</returns>
    private async Task<string> TakeAwayAsync(PersonRegister state, Appointment due, DateTimeOffset now)
    {
        if (due.Account is not { } account || accounts.List().Find(account) is null) return "none";
        var others = state.Appointments.Where(a => a.Id != due.Id && a.Account == account && a.IsInForce(now)).ToList();
        return await accounts.ChangeAsync(list =>
        {
            if (others.Count == 0) return (list.Dismiss(account, due.Dismissal!.By.Account, now), "disabled");
            var role = Duties.RoleOf(due.Duty);
            if (others.Any(o => o.Duty == due.Duty)) return (list, "kept: appointed anew");
            var found = list.Get(account);
            if (!found.Roles.Contains(role)) return (list, $"role {RoleNames.Of(role)} was not there");
            Role[] left = [.. found.Roles.Where(r => r != role)];
            return (list.SetRoles(account, left.Length > 0 ? left : [.. others.Select(o => Duties.RoleOf(o.Duty))]), $"role {RoleNames.Of(role)} taken");
        }).ConfigureAwait(false);
    }

    private bool WouldLockOut(string account, Duty duty)
    {
        var list = accounts.List();
        return list.Find(account) is { CanLogIn: true } found && found.Roles.Contains(Role.Custodian) && (duty == Duty.Custodian || Read().Appointments.Count(a => a.Account == account && a.IsInForce(time.GetUtcNow())) <= 1)
            && !list.Accounts.Any(a => a.Name != account && a.CanLogIn && a.Roles.Contains(Role.Custodian));
    }

    private async Task<RegisterEntry<PersonEvent>> OneAsync(RegisterAuthor by, Func<PersonRegister, DateTimeOffset, PersonEvent> make) =>
        (await _register.ChangeAsync<bool>(by, (state, now) => ([make(state, now)], true)).ConfigureAwait(false)).Made[0];
}
