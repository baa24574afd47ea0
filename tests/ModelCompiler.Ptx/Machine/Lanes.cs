namespace ModelCompiler.Ptx.Machine;

/// <summary>What a thread of a warp does next.</summary>
internal enum LaneState : byte
{
    /// <summary>Its instruction.</summary>
    Running,

    /// <summary>It waits for others of its warp, to do its instruction with them.</summary>
    Waiting,

    /// <summary>It waits for all others of the group.</summary>
    AtBarrier,
    Ended,
}

/// <summary>Where each thread of a warp stands, and whether it waits there. Lanes that have no thread have ended.</summary>
internal sealed class Lanes
{
    private readonly int[] _places = new int[Warp.Size];
    private readonly LaneState[] _states = new LaneState[Warp.Size];
    private readonly int _count;

    public Lanes(int count)
    {
        _count = count;
        Array.Fill(_states, LaneState.Ended, count, Warp.Size - count);
    }

    /// <summary>Threads that have not ended.</summary>
    public uint Alive => ~In(LaneState.Ended);

    public uint Waiting => In(LaneState.Waiting);

    public int PlaceOf(int lane) => _places[lane];

    /// <summary>Of those that wait for others of the warp, the ones at a place.</summary>
    public uint WaitingAt(int place) => In(LaneState.Waiting, place);

    /// <summary>The running threads at the lowest place; none: nobody runs.</summary>
    /// <param name="limit">The next place at which another one stands.</param>
    public uint Lowest(out int limit)
    {
        var lowest = limit = int.MaxValue;
        for (var lane = 0; lane < _count; lane++)
        {
            if (_states[lane] != LaneState.Running)
            {
                continue;
            }

            var place = _places[lane];
            if (place < lowest)
            {
                (limit, lowest) = (lowest, place);
            }
            else if (place > lowest && place < limit)
            {
                limit = place;
            }
        }

        return lowest == int.MaxValue ? 0 : In(LaneState.Running, lowest);
    }

    public void Put(uint lanes, LaneState state, int place)
    {
        for (var lane = 0; lanes != 0; lane++, lanes >>= 1)
        {
            if ((lanes & 1) != 0)
            {
                (_states[lane], _places[lane]) = (state, place);
            }
        }
    }

    /// <summary>Those of the lanes that run stand at a place now.</summary>
    public void Leave(ReadOnlySpan<int> lanes, int place)
    {
        foreach (var lane in lanes)
        {
            _places[lane] = _states[lane] == LaneState.Running ? place : _places[lane];
        }
    }

    /// <summary>The place of the barrier that a thread waits at; -1: it does not.</summary>
    public int BarrierOf(int lane) => _states[lane] == LaneState.AtBarrier ? _places[lane] : -1;

    /// <summary>Lets all threads go on behind the barrier.</summary>
    public void Release()
    {
        for (var lane = 0; lane < _count; lane++)
        {
            _states[lane] = LaneState.Running;
            _places[lane]++;
        }
    }

    private uint In(LaneState state, int place = -1)
    {
        var mask = 0u;
        for (var lane = 0; lane < Warp.Size; lane++)
        {
            mask |= _states[lane] == state && (place < 0 || _places[lane] == place) ? 1u << lane : 0;
        }

        return mask;
    }
}
