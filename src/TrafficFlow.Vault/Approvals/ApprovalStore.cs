using System.Collections.Immutable;
using TrafficFlow.Core.Texts;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.Persons;
using TrafficFlow.Vault.Policies;
using TrafficFlow.Vault.Registers;

namespace TrafficFlow.Vault.Approvals;

/// <summary>Whether something may be done.</summary>
public abstract record ApprovalAnswer
{
    /// <param name="ApprovalId">Of the approval, which is used up now; null where the policy asks for none. It goes into the receipt of what is done.</param>
    public sealed record Allowed(string? ApprovalId) : ApprovalAnswer;

    /// <param name="RequestId">Of the request that another person has to approve; null where there is none yet.</param>
    public sealed record NeedsApproval(string? RequestId, string Message) : ApprovalAnswer;

    public sealed record Refused(string Message) : ApprovalAnswer;
}

/// <summary>
/// The rule of two persons: one asks for a deed that is described exactly, another one approves it, and it is done once. The approval is used up on the disk before the deed begins: a crash
/// between costs a new request, and never lets it be done twice. Thread-safe, among processes too.
/// </summary>
/// <remarks>Every member throws <see cref="VaultFileException"/> where the register cannot be used: nothing may be done then. Changes throw <see cref="RegisterException"/> where they cannot be.</remarks>
/// <param name="rules">In force now.</param>
/// <param name="person">Who that is, if somebody with a duty now; null for nobody. A person with two accounts is one person.</param>
/// <param name="policies">Where what the files of sites ask for is kept; a change is entered before anything is done under it; null for nowhere.</param>
public sealed class ApprovalStore(string dataFolder, Func<ApprovalRules> rules, Func<RegisterAuthor, AppointedPerson?> person, TimeProvider time, PolicyStore? policies = null)
{
    public const string Name = "approvals";

    private readonly SignedRegister<ApprovalRegister, ApprovalEvent> _register = new(dataFolder, Name, ApprovalRegister.Empty, (state, entry) => state.Apply(entry), time);

    public ApprovalRules Rules => rules();

    /// <summary>Null where none are kept.</summary>
    public PolicyStore? Policies => policies;

    public ApprovalRegister Read() => _register.State;

    public ImmutableArray<RegisterEntry<ApprovalEvent>> History() => _register.Entries;

    /// <summary>Enters what the policy is now, where that is not what it was.</summary>
    public async Task LookAsync()
    {
        if (policies is not null) await policies.LookAsync().ConfigureAwait(false);
    }

    /// <summary>Asks whether something may be done, and uses the approval up where it may. Call it last, right before the deed, and once for each: a deed that goes on after a crash goes on
    /// under the id that it was begun with.</summary>
    /// <param name="description">What exactly, as it was requested.</param>
    /// <param name="by">Who does it: whoever requested it.</param>
    public async Task<ApprovalAnswer> RequireAsync(ApprovalKind kind, string description, RegisterAuthor by)
    {
        await LookAsync().ConfigureAwait(false);
        if (!Rules.Covers(kind)) return new ApprovalAnswer.Allowed(null);
        return (await _register.ChangeAsync<ApprovalAnswer>(by, (state, now) => Require(state, kind, description, by, person(by), now)).ConfigureAwait(false)).Answer;
    }

    public async Task<Approval> RequestAsync(ApprovalKind kind, string? description, RegisterAuthor by) =>
        await OneAsync(by, (state, now) => state.Request(kind, description, by, person(by), Rules, now)).ConfigureAwait(false);

    /// <param name="sha256">Of what the approving person was shown.</param>
    public Task<Approval> ApproveAsync(string id, string? sha256, RegisterAuthor by) => OneAsync(by, (state, now) => state.Approve(id, sha256, by, person(by), Rules, now));

    public Task<Approval> RefuseAsync(string id, string? reason, RegisterAuthor by) => OneAsync(by, (state, now) => state.Refuse(id, reason, by, person(by), now));

    public Task<Approval> WithdrawAsync(string id, string? reason, RegisterAuthor by) => OneAsync(by, (state, now) => state.Withdraw(id, reason, by, person(by), now));

    /// <summary>How a deed ended, for the record: the receipt's id, or why it failed.</summary>
    public Task<Approval> EndAsync(string id, string outcome, RegisterAuthor by) => OneAsync(by, (state, _) =>
        state.Get(id) is { State: ApprovalState.Used, Outcome: null } used ? new ApprovedDeedEnded(used.Id, EntryText.Line(outcome, "the outcome", ApprovalRegister.LongestReason)) : throw new RegisterException($"{PlainText.Of(id, 32)} is no approval in use; nothing was entered"));

    /// <summary>Gives an approval back that was used up for a deed of which nothing was done. Only where that is certain: a deed that may still be done somewhere keeps it used.</summary>
    /// <param name="why">Nothing was done.</param>
    public Task<Approval> ReturnAsync(string id, string why, RegisterAuthor by) => OneAsync(by, (state, _) =>
        state.Get(id) is { State: ApprovalState.Used, Outcome: null } used ? new ApprovalReturned(used.Id, EntryText.Line(why, "why nothing was done", ApprovalRegister.LongestReason)) : throw new RegisterException($"{PlainText.Of(id, 32)} is no approval in use; nothing was entered"));

    /// <summary>Enters what has run out. Often: nothing is done where there is nothing to do.</summary>
    public async Task LapseAsync()
    {
        if (Read().Lapsing(time.GetUtcNow()).IsEmpty) return;
        await _register.ChangeAsync<bool>(RegisterAuthor.Node, (state, now) => (state.Lapsing(now), true)).ConfigureAwait(false);
    }

    private static (ImmutableArray<ApprovalEvent>, ApprovalAnswer) Require(ApprovalRegister state, ApprovalKind kind, string description, RegisterAuthor by, AppointedPerson? person, DateTimeOffset now)
    {
        const string Ask = "request it (the verb does so by itself, or the page /custody), and have another person approve it";
        var deed = kind == ApprovalKind.Export ? "an export" : "an erasure";
        if (state.Find(kind, description, by, person) is not { } asked) return ([], new ApprovalAnswer.NeedsApproval(null, $"{deed} needs two persons here: {Ask}"));
        switch (asked.StateAt(now))
        {
            case ApprovalState.Approved when now < asked.AnsweredAt - ApprovalRegister.ClockTolerance:
                return ([], new ApprovalAnswer.Refused($"the clock of this machine stands before the approval {asked.Id} of {asked.AnsweredAt!.Value.UtcDateTime:yyyy-MM-dd HH:mm}Z: set it right, and try again"));
            case ApprovalState.Approved:
                return ([new ApprovalUsed(asked.Id, asked.Sha256)], new ApprovalAnswer.Allowed(asked.Id));
            case ApprovalState.Requested:
                return ([], new ApprovalAnswer.NeedsApproval(asked.Id, $"{asked.Id} waits for another person's approval, until {asked.OpenUntil.UtcDateTime:yyyy-MM-dd HH:mm}Z"));
            case ApprovalState.Refused:
                return ([], new ApprovalAnswer.Refused($"{asked.Id} was refused by {asked.AnsweredByPerson ?? asked.AnsweredBy!.Name}: {asked.Reason}"));
            case ApprovalState.Used:
                return ([], new ApprovalAnswer.NeedsApproval(null, $"{asked.Id} was used on {asked.UsedAt!.Value.UtcDateTime:yyyy-MM-dd HH:mm}Z, and is good once: {Ask}"));
            case ApprovalState.Lapsed:
                // Entered at once: no clock that is set back brings it to life again.
                return (asked.State == ApprovalState.Lapsed ? [] : [new ApprovalLapsed(asked.Id)], new ApprovalAnswer.NeedsApproval(null, $"{asked.Id} has lapsed: {Ask}"));
            default:
                return ([], new ApprovalAnswer.NeedsApproval(null, $"{asked.Id} was withdrawn: {Ask}"));
        }
    }

    private async Task<Approval> OneAsync(RegisterAuthor by, Func<ApprovalRegister, DateTimeOffset, ApprovalEvent> make)
    {
        var (id, _) = await _register.ChangeAsync<string>(by, (state, now) => make(state, now) is var made ? ([made], made.Id) : throw new InvalidOperationException()).ConfigureAwait(false);
        return Read().Get(id);
    }
}
