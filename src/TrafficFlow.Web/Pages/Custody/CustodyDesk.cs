using System.Collections.Immutable;
using TrafficFlow.Core.Custody;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Approvals;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.Inspections;
using TrafficFlow.Vault.Persons;
using TrafficFlow.Vault.Registers;
using TrafficFlow.Vault.Requests;
using TrafficFlow.Web.Access;

namespace TrafficFlow.Web.Pages.Custody;

/// <summary>
/// Changes the registers of custody for callers, each of whom was found out from the session of this very request. Every change is in the node's audit with the number and the hash of its entry, by
/// which a register that is cut back is found out; and so is one that was refused.
/// </summary>
/// <remarks>Every change throws <see cref="RegisterException"/> where it cannot be, with the reason for whoever asked, and <see cref="VaultFileException"/> where a register cannot be used.</remarks>
/// <param name="record">Into the node's audit. False where it is not known to be written.</param>
public sealed class CustodyDesk(CustodyBooks books, Func<AuditEvent, Task<bool>> record, TimeProvider time)
{
    private static readonly Role[] s_custodians = [Role.Custodian];
    private static readonly Role[] s_technicians = [Role.Custodian, Role.Operator];

    public CustodyBooks Books => books;

    public Task AppointAsync(Caller by, string person, string account, Duty duty, DateTimeOffset from) =>
        ChangeAsync(by, "custody person appoint", account, $"{duty}", s_custodians, who => books.Persons.AppointAsync(who, person, account, duty, from), () => Entry(books.Persons.History()));

    /// <param name="effective">Null for at once.</param>
    public Task DismissAsync(Caller by, string id, DateTimeOffset? effective, string reason) =>
        ChangeAsync(by, "custody person dismiss", id, effective is { } day ? $"from {day.UtcDateTime:yyyy-MM-dd HH:mm}Z" : "at once", s_custodians, who => books.Persons.DismissAsync(who, id, effective, reason), () => Entry(books.Persons.History()));

    public Task WithdrawDismissalAsync(Caller by, string id, string reason) =>
        ChangeAsync(by, "custody person withdraw dismissal", id, null, s_custodians, who => books.Persons.WithdrawAsync(who, id, reason), () => Entry(books.Persons.History()));

    public Task RequestApprovalAsync(Caller by, ApprovalKind kind, string description) =>
        ChangeAsync(by, "custody approval request", $"{kind}", null, s_technicians, who => books.Approvals.RequestAsync(kind, description, who), () => Entry(books.Approvals.History()));

    public Task ApproveAsync(Caller by, string id, string sha256) =>
        ChangeAsync(by, "custody approval give", id, null, s_custodians, who => books.Approvals.ApproveAsync(id, sha256, who), () => Entry(books.Approvals.History()));

    public Task RefuseAsync(Caller by, string id, string reason) =>
        ChangeAsync(by, "custody approval refuse", id, null, s_custodians, who => books.Approvals.RefuseAsync(id, reason, who), () => Entry(books.Approvals.History()));

    public Task WithdrawApprovalAsync(Caller by, string id, string reason) =>
        ChangeAsync(by, "custody approval withdraw", id, null, s_technicians, who => books.Approvals.WithdrawAsync(id, reason, who), () => Entry(books.Approvals.History()));

    /// <param name="corrects">Id of the one that it stands in place of; null for a new one.</param>
    public Task<InspectionRecord> InspectAsync(Caller by, InspectionEntry entry, string? corrects, string? reason, CancellationToken cancellation) => ChangeAsync(
        by, corrects is null ? "custody inspection record" : "custody inspection correct", corrects ?? entry.Site, $"{entry.Kind}", s_technicians, who => books.Inspections.RecordAsync(who, entry, corrects, reason, cancellation), () => Entry(books.Inspections.History()));

    public Task CloseFollowUpAsync(Caller by, string id, string done) => ChangeAsync(by, "custody follow-up close", id, null, s_technicians, async who =>
    {
        await books.Inspections.CloseAsync(who, id, done);
        return true;
    }, () => Entry(books.Inspections.History()));

    public Task MoveFollowUpAsync(Caller by, string id, DateOnly due, string reason) => ChangeAsync(by, "custody follow-up move", id, $"to {due:yyyy-MM-dd}", s_technicians, async who =>
    {
        await books.Inspections.MoveAsync(who, id, due, reason);
        return true;
    }, () => Entry(books.Inspections.History()));

    public Task<PublicRequest> ReceiveAsync(Caller by, RequestKind kind, DateOnly receivedOn, RequestedSpan span, string subject, RequesterContact contact) => ChangeAsync(
        by, "custody request receive", span.Site, $"{kind}", s_custodians, who => books.Requests.ReceiveAsync(who, kind, receivedOn, span, subject, contact, Today(span.Site)), () => Entry(books.Requests.History()));

    public Task<PublicRequest> AssignAsync(Caller by, string id, string handler) => OfRequestAsync(by, "assign", id, handler, who => books.Requests.AssignAsync(who, id, handler));

    public Task<PublicRequest> NoteAsync(Caller by, string id, string text) => OfRequestAsync(by, "note", id, null, who => books.Requests.NoteAsync(who, id, text));

    public Task<PublicRequest> ExtendAsync(Caller by, string id, DateOnly due, string reason) => OfRequestAsync(by, "extend", id, $"to {due:yyyy-MM-dd}", who => books.Requests.ExtendAsync(who, id, due, reason));

    public Task<PublicRequest> AnswerAsync(Caller by, string id, RequestOutcome outcome, string text, string refusal) => OfRequestAsync(by, "answer", id, $"{outcome}", who => books.Requests.AnswerAsync(who, id, outcome, text, refusal));

    public Task<PublicRequest> CloseRequestAsync(Caller by, string id, string note) => OfRequestAsync(by, "close", id, null, who => books.Requests.CloseAsync(who, id, note));

    public Task<PublicRequest> ReopenAsync(Caller by, string id, string reason) =>
        OfRequestAsync(by, "reopen", id, null, who => books.Requests.ReopenAsync(who, id, reason, Today(books.Requests.Read().Get(id).Span.Site)));

    /// <summary>An erasure that was made elsewhere, as with the verb of an engineer.</summary>
    public Task<PublicRequest> EnterReceiptAsync(Caller by, string id, string receipt, string what) => OfRequestAsync(by, "erased", id, receipt, who => books.Requests.ErasedAsync(who, id, receipt, what));

    /// <summary>Has what a request asks about erased, and enters the receipt; or what was not reached, where nothing was erased.</summary>
    public Task<string> EraseAsync(Caller by, string id, CancellationToken cancellation)
    {
        string? entered = null;
        return ChangeAsync(by, "custody request erase", id, null, s_custodians, async who =>
        {
            if (books.Erasure is not { } desk) throw new RegisterException("nothing is recorded on this node: there is nothing to erase here");
            var asked = books.Requests.Read().Get(id);
            if (!asked.IsOpen || asked.Kind != RequestKind.Erasure || asked.Span is not { From: { } from, To: { } to }) throw new RegisterException($"{asked.Id} is no open request to erase a stretch of time");
            if (to > time.GetUtcNow()) throw new RegisterException("the time that is asked about is not over yet: what comes until then would not be erased. Erase when it has passed");
            var answer = await desk.EraseAsync(new ErasureOrder(asked.Id, asked.Span.Site, asked.Span.Cameras, from, to), who, cancellation);
            // What was left at the last time is gone by now: then all is erased.
            var receipt = answer.ReceiptId ?? (answer is { IsBegun: true, Left: null } && asked is { Left: not null, Receipts: [.., var last] } ? last : null);
            if (receipt is null)
            {
                if (answer.IsBegun && (answer.Left is not null || asked.Left is not null))
                {
                    await books.Requests.ErasureTriedAsync(who, asked.Id, answer.Message, answer.Left);
                    entered = Entry(books.Requests.History());
                }

                throw new RegisterException(answer.Message);
            }

            await books.Requests.ErasedAsync(who, asked.Id, receipt, answer.Message, answer.Left);
            return receipt;
        }, () => Entry(books.Requests.History()), () => entered);
    }

    /// <summary>Who asked. The look is in the audit before anything is shown.</summary>
    /// <returns>Whether it may be shown, and what there is; null for none.</returns>
    public async Task<(bool IsRecorded, RequesterContact? Contact)> ContactAsync(Caller by, string id, string why)
    {
        if (by.IsProgram || !by.Has(Role.Custodian)) throw new RegisterException("this is for custodians alone");
        var asked = books.Requests.Read().Get(id);
        return await record(CallerAudit.Of(by, AuditKind.View, "custody request contact", asked.Id, why)) ? (true, books.Requests.Contact(asked.Id)) : (false, null);
    }

    private Task<PublicRequest> OfRequestAsync(Caller by, string what, string id, string? details, Func<RegisterAuthor, Task<PublicRequest>> change) =>
        ChangeAsync(by, $"custody request {what}", id, details, s_custodians, change, () => Entry(books.Requests.History()));

    /// <param name="refusedEntry">What was entered though the change was refused; null for nothing.</param>
    private async Task<T> ChangeAsync<T>(Caller by, string action, string target, string? details, Role[] needs, Func<RegisterAuthor, Task<T>> change, Func<string> entry, Func<string?>? refusedEntry = null)
    {
        var e = CallerAudit.Of(by, AuditKind.Change, action, target, details);
        try
        {
            // The table of routes says so too; here it holds for whoever calls.
            if (by.IsProgram || !needs.Any(by.Has)) throw new RegisterException("this is not for your roles; nothing was entered");
            var answer = await change(new RegisterAuthor(by.Name, e.Account));
            await record(e with { Details = $"{(details is null ? "" : $"{details}; ")}{entry()}" });
            return answer;
        }
        catch (Exception refused) when (refused is RegisterException or VaultFileException or AccountException)
        {
            await record(e with { Outcome = $"refused: {refused.Message}", Details = refusedEntry?.Invoke() ?? e.Details });
            throw;
        }
    }

    private static string Entry<TEvent>(ImmutableArray<RegisterEntry<TEvent>> history) => history is [.., var last] ? $"entry {last.Number} {last.Hash[..16]}" : "no entry";

    private DateOnly Today(string site) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(time.GetUtcNow(), books.Zone(site)).DateTime);
}
