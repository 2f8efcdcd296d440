using System.Collections.Immutable;
using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Texts;
using TrafficFlow.Core.Workdays;
using TrafficFlow.Vault.Registers;

namespace TrafficFlow.Vault.Requests;

/// <summary>Requests of the public and what became of them. Pure: a command makes an event or throws <see cref="RegisterException"/>, an event makes the next register.</summary>
public sealed record RequestRegister(ImmutableArray<PublicRequest> Requests)
{
    public const int LongestSubject = 1_000;
    public const int LongestText = 4_000;
    public const int MostCameras = 64;

    private const int LongestExtension = 366;
    private const int FirstYear = 2000;

    /// <summary>One for each camera of each node.</summary>
    private const int LongestReceipts = 4_000;

    /// <summary>Longer spans are whole periods of recording, and no request about an event.</summary>
    public static readonly TimeSpan LongestSpan = TimeSpan.FromDays(366);

    public static readonly RequestRegister Empty = new([]);

    /// <exception cref="RegisterException">There is none of that id.</exception>
    public PublicRequest Get(string id) => Requests.FirstOrDefault(r => r.Id == id)
        ?? throw new RegisterException($"there is no request {PlainText.Of(id, 32)}{(Requests.IsEmpty ? ": none is entered yet" : $": the last one is {Requests[^1].Id}")}");

    /// <param name="today">Of the site's clock.</param>
    public RequestReceived Receive(RequestKind kind, DateOnly receivedOn, RequestedSpan span, string? subject, bool hasContact, RequestTerms terms, WorkCalendar calendar, DateOnly today)
    {
        if (receivedOn > today) throw new RegisterException($"the request would have come on {receivedOn:yyyy-MM-dd}, which is still to come: is the date right, and this machine's clock?");
        if (receivedOn < WorkCalendar.Later(today, -366)) throw new RegisterException($"{receivedOn:yyyy-MM-dd} is more than a year ago: is the date right?");
        if (span.From is { } from && span.To is { } to && (to <= from || to - from > LongestSpan)) throw new RegisterException($"the time asked about ends before it begins, or lasts longer than {LongestSpan.TotalDays:0} days");
        if (span.To is { } end && (DateOnly.FromDateTime(end.UtcDateTime) > WorkCalendar.Later(today, LongestExtension) || end.Year < FirstYear)) throw new RegisterException($"the time asked about ends on {end.UtcDateTime:yyyy-MM-dd}: is the date right?");
        if (span.From is null != span.To is null) throw new RegisterException("the time asked about needs a begin and an end, or neither");
        if (kind == RequestKind.Erasure && span.From is null) throw new RegisterException("a request to erase needs the time that it is about");
        if (span.Cameras.Length > MostCameras || span.Cameras.Any(c => !NameRule.IsChosen(c))) throw new RegisterException("a camera that is asked about is none of the site's");
        return new RequestReceived($"q{Requests.Length + 1}", kind, receivedOn, terms.DueOf(receivedOn, calendar), span, Text(subject, "the subject (what is asked, without names)", LongestSubject), hasContact);
    }

    public RequestAssigned Assign(string id, string? handler)
    {
        var asked = OpenOne(id);
        return NameRule.IsChosen(handler ?? "") ? new RequestAssigned(asked.Id, handler!) : throw new RegisterException("whoever handles it is named by the account");
    }

    public RequestNoted Note(string id, string? text) => new(Get(id) is { State: not RequestState.Closed } asked ? asked.Id : throw Closed(id), Text(text, "what was found or done"));

    public RequestExtended Extend(string id, DateOnly due, string? reason)
    {
        var asked = OpenOne(id);
        if (due > WorkCalendar.Later(asked.Due, LongestExtension)) throw new RegisterException($"{due:yyyy-MM-dd} is more than a year after the term of {asked.Id}: is the date right?");
        return due > asked.Due ? new RequestExtended(asked.Id, due, Text(reason, "the reason, which the requester is told")) : throw new RegisterException($"{asked.Id} is due on {asked.Due:yyyy-MM-dd}: a longer term ends later");
    }

    /// <param name="left">What was not erased, or not looked at; null where all was.</param>
    public RequestErased Erased(string id, string? receipt, string? what, string? left) => new(
        Get(id) is { State: not RequestState.Closed } asked ? asked.Id : throw Closed(id), EntryText.Line(receipt, "the id of the receipt", LongestReceipts), Text(what, "what was erased"),
        left is null ? null : Text(left, "what was not erased"));

    /// <param name="left">What was not erased, or not looked at; null where all was looked at, and nothing is there.</param>
    public RequestErasureTried ErasureTried(string id, string? what, string? left) => new(
        Get(id) is { State: not RequestState.Closed } asked ? asked.Id : throw Closed(id), Text(what, "what was found"), left is null ? null : Text(left, "what was not erased"));

    /// <param name="refusal">Why it is not granted, or in part.</param>
    public RequestAnswered Answer(string id, RequestOutcome outcome, string? text, string? refusal)
    {
        var asked = OpenOne(id);
        if (asked.Kind == RequestKind.Erasure && outcome == RequestOutcome.Granted && asked.Receipts.IsEmpty) throw new RegisterException($"{asked.Id} asks for an erasure, and no receipt of one is entered: erase first, or answer that nothing is held");
        if (outcome is RequestOutcome.Granted or RequestOutcome.NothingHeld && asked.Left is { } left) throw new RegisterException($"{asked.Id} is {(asked.Receipts.IsEmpty ? "not erased" : "erased in part only")} ({left}): erase the rest first, or answer that it is granted in part");
        var why = EntryText.Lines(refusal, "the reason", LongestText);
        if (outcome is RequestOutcome.Refused or RequestOutcome.PartlyGranted && why.Length == 0) throw new RegisterException($"{asked.Id} is not granted, or in part: write the reason, which the requester is told");
        return new RequestAnswered(asked.Id, outcome, Text(text, "what the requester is told"), why.Length > 0 ? why : null);
    }

    public RequestClosed Close(string id, string? note)
    {
        var asked = Get(id);
        return asked.State switch
        {
            RequestState.Closed => throw Closed(id),
            RequestState.Answered => new RequestClosed(asked.Id, EntryText.Lines(note, "the note", LongestText)),
            _ => throw new RegisterException($"{asked.Id} is not answered: answer it first, be it that it was withdrawn"),
        };
    }

    public RequestReopened Reopen(string id, string? reason, RequestTerms terms, WorkCalendar calendar, DateOnly today)
    {
        var asked = Get(id);
        return asked.IsOpen ? throw new RegisterException($"{asked.Id} is open; nothing was entered") : new RequestReopened(asked.Id, Text(reason, "the reason"), terms.DueOf(today, calendar));
    }

    /// <summary>Whose contact data is to be deleted now.</summary>
    public IEnumerable<PublicRequest> ContactsOver(TimeSpan keepContact, DateTimeOffset now) =>
        Requests.Where(r => r is { HasContact: true, ContactDeletedAt: null, State: RequestState.Closed, ClosedAt: { } closed } && now - closed >= keepContact);

    public RequestRegister Apply(RegisterEntry<RequestEvent> entry) => entry.Event switch
    {
        RequestReceived e => new RequestRegister(Requests.Add(new PublicRequest(e.Id, e.Asked, e.ReceivedOn, e.Due, e.Span, e.Subject, entry.By, entry.Time) { HasContact = e.HasContact })),
        RequestAssigned e => With(e.Id, r => r with { Handler = e.Handler, State = RequestState.InProgress }),
        RequestNoted e => With(e.Id, r => Noted(entry, r, e.Text)),
        RequestExtended e => With(e.Id, r => Noted(entry, r with { Due = e.Due }, e.Reason)),
        RequestErased e => With(e.Id, r => Noted(entry, r with { Receipts = r.Receipts.Contains(e.Receipt) ? r.Receipts : r.Receipts.Add(e.Receipt), Left = e.Left }, e.What)),
        RequestErasureTried e => With(e.Id, r => Noted(entry, r with { Left = e.Left }, e.What)),
        RequestAnswered e => With(e.Id, r => Noted(entry, r with { State = RequestState.Answered, Outcome = e.Outcome, Refusal = e.Refusal ?? "", AnsweredAt = entry.Time }, e.Text)),
        RequestClosed e => With(e.Id, r => (e.Note.Length > 0 ? Noted(entry, r, e.Note) : r) with { State = RequestState.Closed, ClosedAt = entry.Time }),
        RequestReopened e => With(e.Id, r => Noted(entry, r with { State = RequestState.InProgress, Outcome = null, Refusal = "", AnsweredAt = null, ClosedAt = null, Due = e.Due }, e.Reason)),
        ContactDeleted e => With(e.Id, r => r with { ContactDeletedAt = entry.Time }),
        _ => throw new InvalidOperationException($"no entry of the register of requests: {entry.Event.GetType().Name}"),
    };

    private PublicRequest OpenOne(string id)
    {
        var asked = Get(id);
        return asked.IsOpen ? asked : throw new RegisterException($"{asked.Id} is {asked.State.ToString().ToLowerInvariant()}: reopen it first");
    }

    private static PublicRequest Noted(RegisterEntry<RequestEvent> entry, PublicRequest request, string text) => request with { Notes = request.Notes.Add(new RequestNote(entry.Time, entry.By, text)) };

    private static RegisterException Closed(string id) => new($"{PlainText.Of(id, 32)} is closed: reopen it first");

    private static string Text(string? text, string what, int most = LongestText) => EntryText.Lines(text, what, most) is { Length: > 0 } given ? given : throw new RegisterException($"{what} is missing; nothing was entered");

    private RequestRegister With(string id, Func<PublicRequest, PublicRequest> change) => new([.. Requests.Select(r => r.Id == id ? change(r) : r)]);
}
