using System.Collections.Immutable;
using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Workdays;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.Registers;

namespace TrafficFlow.Vault.Requests;

/// <summary>The register of requests of the public, and beside it who asked. Thread-safe, among processes too.</summary>
/// <remarks>Every member throws <see cref="VaultFileException"/> where a file cannot be used, and changes throw <see cref="RegisterException"/> where they cannot be.</remarks>
/// <param name="terms">In force now at a site.</param>
/// <param name="calendar">Of a site.</param>
/// <param name="keepContact">Names and addresses of requesters are deleted so long after the request was closed.</param>
/// <param name="passed">A time that has surely passed, where the clock may be wrong: by no later one they are deleted. Null where it is believed.</param>
public sealed class RequestStore(string dataFolder, Func<string, RequestTerms> terms, Func<string, WorkCalendar> calendar, TimeSpan keepContact, TimeProvider time, Func<DateTimeOffset>? passed = null)
{
    public const string Name = "requests";

    private const int LongestLetter = 64 * 1024;

    private readonly SignedRegister<RequestRegister, RequestEvent> _register = new(dataFolder, Name, RequestRegister.Empty, (state, entry) => state.Apply(entry), time);
    private readonly ContactFile _contacts = new(dataFolder);

    public TimeSpan KeepContact => keepContact;

    public RequestRegister Read() => _register.State;

    public ImmutableArray<RegisterEntry<RequestEvent>> History() => _register.Entries;

    /// <summary>Open ones, the most pressing first.</summary>
    public ImmutableArray<PublicRequest> Open() => [.. Read().Requests.Where(r => r.IsOpen).OrderBy(r => r.Due)];

    /// <param name="today">Of the site's clock.</param>
    public async Task<PublicRequest> ReceiveAsync(RegisterAuthor by, RequestKind kind, DateOnly receivedOn, RequestedSpan span, string? subject, RequesterContact contact, DateOnly today)
    {
        var own = contact.Checked();
        return await OneAsync(by, (state, _) =>
        {
            var received = state.Receive(kind, receivedOn, span, subject, !own.IsEmpty, terms(span.Site), calendar(span.Site), today);
            // Before the entry, which says that it is there; without the entry nobody asks for it, and the same id writes over it.
            if (own.IsEmpty) _contacts.Delete(received.Id);
            else _contacts.Write(received.Id, own);
            return received;
        }).ConfigureAwait(false);
    }

    /// <summary>Who asked. Whoever is shown it is recorded first, by whoever shows it.</summary>
    /// <returns>Null where none is kept, or no more.</returns>
    public RequesterContact? Contact(string id) => Read().Get(id) is { HasContact: true, ContactDeletedAt: null } asked ? _contacts.Read(asked.Id) : null;

    public Task<PublicRequest> AssignAsync(RegisterAuthor by, string id, string? handler) => OneAsync(by, (state, _) => state.Assign(id, handler));

    public Task<PublicRequest> NoteAsync(RegisterAuthor by, string id, string? text) => OneAsync(by, (state, _) => state.Note(id, text));

    public Task<PublicRequest> ExtendAsync(RegisterAuthor by, string id, DateOnly due, string? reason) => OneAsync(by, (state, _) => state.Extend(id, due, reason));

    /// <summary>An erasure was made for it, by somebody who enters its receipt: what was left before stays so.</summary>
    public Task<PublicRequest> ErasedAsync(RegisterAuthor by, string id, string? receipt, string? what) => OneAsync(by, (state, _) => state.Erased(id, receipt, what, state.Get(id).Left));

    /// <summary>An erasure was made for it by the program.</summary>
    /// <param name="left">What was not erased, or not looked at; null where all was.</param>
    public Task<PublicRequest> ErasedAsync(RegisterAuthor by, string id, string? receipt, string? what, string? left) => OneAsync(by, (state, _) => state.Erased(id, receipt, what, left));

    /// <summary>An erasure by the program erased nothing: what is left bars the answer that nothing is held until a later one has reached all.</summary>
    /// <param name="left">What was not erased, or not looked at; null where all was looked at, and nothing is there.</param>
    public Task<PublicRequest> ErasureTriedAsync(RegisterAuthor by, string id, string? what, string? left) => OneAsync(by, (state, _) => state.ErasureTried(id, what, left));

    /// <param name="refusal">Why it is not granted, or in part.</param>
    public Task<PublicRequest> AnswerAsync(RegisterAuthor by, string id, RequestOutcome outcome, string? text, string? refusal = null) => OneAsync(by, (state, _) => state.Answer(id, outcome, text, refusal));

    public Task<PublicRequest> CloseAsync(RegisterAuthor by, string id, string? note) => OneAsync(by, (state, _) => state.Close(id, note));

    public Task<PublicRequest> ReopenAsync(RegisterAuthor by, string id, string? reason, DateOnly today) => OneAsync(by, (state, _) => state.Get(id).Span.Site is var site ? state.Reopen(id, reason, terms(site), calendar(site), today) : throw new InvalidOperationException());

    /// <summary>A letter of one's own, from the folder custody/letters of the data folder: answer.ja.txt, answer.en.txt.</summary>
    /// <returns>Null where there is none.</returns>
    public string? Letter(string language) =>
        PrivateFile.Read(Path.Combine(dataFolder, SignedRegister<RequestRegister, RequestEvent>.Folder, "letters", $"answer.{language}.txt"), LongestLetter) is { } content ? System.Text.Encoding.UTF8.GetString(content).TrimStart('\uFEFF') : null;

    /// <summary>Deletes who asked where that has been kept long enough. Often: nothing is done where there is nothing to do.</summary>
    /// <returns>Ids of the requests.</returns>
    public async Task<ImmutableArray<string>> DeleteContactsAsync()
    {
        if (!Read().ContactsOver(keepContact, time.GetUtcNow()).Any()) return [];
        var until = passed?.Invoke() ?? DateTimeOffset.MaxValue;
        // While the clock is doubted nothing is locked each time.
        if (!Read().ContactsOver(keepContact, until).Any()) return [];
        return (await _register.ChangeAsync<ImmutableArray<string>>(RegisterAuthor.Node, (state, now) =>
        {
            ImmutableArray<string> over = [.. state.ContactsOver(keepContact, now < until ? now : until).Select(r => r.Id)];
            foreach (var id in over) _contacts.Delete(id);
            return ([.. over.Select(id => new ContactDeleted(id))], over);
        }).ConfigureAwait(false)).Answer;
    }

    private async Task<PublicRequest> OneAsync(RegisterAuthor by, Func<RequestRegister, DateTimeOffset, RequestEvent> make)
    {
        var (id, _) = await _register.ChangeAsync<string>(by, (state, now) => make(state, now) is var made ? ([made], made.Id) : throw new InvalidOperationException()).ConfigureAwait(false);
        return Read().Get(id);
    }
}
