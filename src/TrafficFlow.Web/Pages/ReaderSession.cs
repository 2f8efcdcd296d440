using Microsoft.AspNetCore.Components.Authorization;
using TrafficFlow.Web.Access;

namespace TrafficFlow.Web.Pages;

/// <summary>
/// Whose circuit this is, and whether that reader is still let in. A circuit outlives the request that opened it: it is asked each minute, when rights were changed, and whenever the reader moves to another page,
/// and ends with the session, the account and its roles. One for each circuit; thread-safe.
/// </summary>
internal sealed class ReaderSession : IDisposable
{
    private static readonly TimeSpan LookEach = TimeSpan.FromMinutes(1);

    private readonly ICallers _callers;
    private readonly Caller? _caller;
    private readonly ITimer? _timer;
    private volatile bool _hasEnded;

    public ReaderSession(AuthenticationStateProvider users, ICallers callers, WebPorts ports)
    {
        // Set by the framework from the request, before anything of a circuit is made.
        var known = users.GetAuthenticationStateAsync();
        (_callers, _caller) = (callers, known.IsCompletedSuccessfully && known.GetAwaiter().GetResult().User is CallerPrincipal user ? user.Caller : null);
        _hasEnded = _caller is null;
        if (_hasEnded) return;
        _timer = ports.Time.CreateTimer(_ => Look(), null, LookEach, LookEach);
        _callers.Changed += LookNow;
    }

    /// <summary>Once, from any thread.</summary>
    public event Action? Ended;

    public bool HasEnded => _hasEnded;

    /// <summary>Whether the document that this circuit shows was made for whoever opened the circuit.</summary>
    public bool IsOf(PageReader reader) => _caller is { } caller && caller.Name == reader.Name && caller.Roles.SetEquals(reader.Roles);

    /// <summary>The reader as of this moment, for what changes something; null where the session has ended.</summary>
    public Caller? Now => Look() ? _callers.FindAgain(_caller!) : null;

    /// <returns>Whether the reader is still let in.</returns>
    public bool Look()
    {
        if (_hasEnded) return false;
        if (_callers.FindAgain(_caller!) is { } now && now.Roles.SetEquals(_caller!.Roles)) return true;
        _hasEnded = true;
        Ended?.Invoke();
        return false;
    }

    /// <summary>Who is dismissed loses the open pages too, in this moment.</summary>
    private void LookNow() => Look();

    public void Dispose()
    {
        _callers.Changed -= LookNow;
        _timer?.Dispose();
    }
}
