using System.Security.Claims;

namespace TrafficFlow.Web.Access;

/// <summary>A caller in the form in which the framework hands on who made a request, into circuits too.</summary>
public sealed class CallerPrincipal(Caller caller) : ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, caller.Name)], caller.CheckedBy))
{
    public Caller Caller => caller;
}
