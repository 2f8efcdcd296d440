using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.SignalR;
using TrafficFlow.Web.Access;

namespace TrafficFlow.Web.Pages;

/// <summary>A circuit whose reader is let in no more does nothing that its page asks for.</summary>
internal sealed class EndedCircuits(ReaderSession session) : CircuitHandler
{
    public override Task OnConnectionUpAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        session.Look();
        return Task.CompletedTask;
    }

    public override Func<CircuitInboundActivityContext, Task> CreateInboundActivityHandler(Func<CircuitInboundActivityContext, Task> next) =>
        context => session.HasEnded ? Task.CompletedTask : next(context);
}

/// <summary>Which session has opened which circuit: a page that comes back finds its circuit, and nobody else does, whatever was copied from it. Bounded; thread-safe.</summary>
internal sealed class CircuitOwners : IHubFilter
{
    private const int MostRemembered = 2_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, string> _owners = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = [];

    public async ValueTask<object?> InvokeMethodAsync(HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        var caller = (invocationContext.Context.User as CallerPrincipal)?.Caller;
        switch (invocationContext.HubMethodName)
        {
            case "StartCircuit":
                var opened = await next(invocationContext);
                if (opened is string secret && caller is not null) Remember(secret, KeyOf(caller));
                return opened;
            case "ConnectCircuit" when invocationContext.HubMethodArguments is [string shown, ..] && !IsOf(shown, caller):
                // As if there were no such circuit: the page loads itself anew, through the gatekeeper.
                return false;
            case "ResumeCircuit":
                // A circuit that was put aside would come back without having passed the gatekeeper.
                return null;
            default:
                return await next(invocationContext);
        }
    }

    private static string KeyOf(Caller caller) => caller.Session ?? caller.Name;

    private void Remember(string circuit, string owner)
    {
        lock (_gate)
        {
            if (_owners.Count >= MostRemembered) _owners.Remove(_order.Dequeue());
            if (_owners.TryAdd(circuit, owner)) _order.Enqueue(circuit);
        }
    }

    private bool IsOf(string circuit, Caller? caller)
    {
        lock (_gate) return caller is not null && _owners.GetValueOrDefault(circuit) == KeyOf(caller);
    }
}
