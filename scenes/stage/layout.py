"""Where things stand: the zones of the frame and every distance and size that the stage uses.

Units are Manim's: the frame is 14.22 wide and 8 high, its centre is the origin.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from manim import Mobject
from manim.typing import Point3D

FRAME_WIDTH, FRAME_HEIGHT = 128 / 9, 8.0

# -- type, in Manim's font sizes; for a phone nothing is under LEAST_SIZE, subscripts apart -------------
MAIN_SIZE = 60.0
MOST_SIZE = 80.0
EQUATION_SIZE = 46.0
CLOSE_EQUATION_SIZE = 50.0
LEAST_EQUATION_SIZE = 36.0
NUMBER_SIZE = 38.0
NUMBER_SHARE = 0.62
MAP_SIZE = 27.0
TITLE_SIZE = 32.0
CAPTION_SIZE = 34.0
SMALL_CAPTION_SIZE = 29.0
LEAST_SIZE = 18.0

# -- the network map ---------------------------------------------------------------------------------
NODE_RADIUS = 0.37
LEAST_NODE_RADIUS = 0.31
NODE_GAP = 0.2
ROW_SPACING = 1.85
NODE_SPLIT = 1.12
ERROR_GAP = 1.6
LEAST_LAYER_GAP = 1.15
STUB = 0.2
STUB_DOT = 0.05
STUB_LABEL_GAP = 0.06
STUB_NAME = 0.5
MOST_ROWS = 4
LABEL_SHARE = 0.86
EDGE_STROKE = 2.0
NODE_STROKE = 2.2
LIT_STROKE = 6.0
RING_STROKE = 4.5
ARROW_STROKE = 4.0
LABEL_PATCH = 0.05
LABEL_CLEARANCE, LABEL_DISTANCE = 0.06, 0.35

# -- sums too long to write out: the terms that are shown, the ellipsis counted ----------------------------
LONGEST_SUM = 5
SHORTEST_SUM = 3

# -- gaps --------------------------------------------------------------------------------------------
MARGIN = 0.4
NUMBER_GAP = 0.22
NUMBER_ROOM = 0.65
SHAPE_SIZE = 26.0
SHAPE_GAP = 0.2
SHAPE_ROOM = 0.55
BRACE_ROOM = 0.95
BRACE_GAP = 0.12
ARROW_RISES = (1.0, 1.3, 1.6, 1.9, 2.2, 2.5)
ARROW_GAP = 0.08
ARROW_TIP = 0.22
LINE_GAP = 0.45
COLUMN_GAP = 1.2
ROW_GAP = 0.9
STACK_GAP = 0.7 * LINE_GAP
STACK_TOP = 1.2
STACK_CENTRE = 2.2
NUMBERS_RISE = 0.3
MOST_ENLARGED = 1.4
MOST_STACKED = 4
SHAPES_TO_TRY = ((4, None), (4, 3), (3, None), (3, 3))
"""How much of large matrices and long sums is tried to be shown: the longest first."""

# -- motion ------------------------------------------------------------------------------------------
CHAPTER_CHANGE = 0.6
WALK_STEP, WALK_MOST = 0.9, 5.0
"""Seconds for an edge of a walk that is known, and for the whole of it."""
LATER = 0.65
"""The share of its time that a step takes when it was seen before."""
CHECK_SECONDS = 2.0
"""How long it takes to count a layer's gradients that agree."""
SEED_SCALE = 0.25
PASSING = 0.8
FLIGHT_ARC = 0.5
FLASH_SCALE = 1.12
DIM_OPACITY = 0.35


@dataclass(frozen=True)
class Zone:
    """A rectangle of the frame."""

    left: float
    right: float
    bottom: float
    top: float

    @property
    def width(self) -> float:
        """The width, in units."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """The height, in units."""
        return self.top - self.bottom

    @property
    def centre(self) -> Point3D:
        """The middle of the zone."""
        return np.array([(self.left + self.right) / 2, (self.bottom + self.top) / 2, 0.0])

    @property
    def corner(self) -> Point3D:
        """The upper left corner."""
        return np.array([self.left, self.top, 0.0])

    def contains(self, mobject: Mobject, tolerance: float = 1e-3) -> bool:
        """Tell whether a mobject lies wholly inside."""
        left, bottom, _ = mobject.get_corner((-1, -1, 0))
        right, top, _ = mobject.get_corner((1, 1, 0))
        horizontal = self.left - tolerance <= left and right <= self.right + tolerance
        return bool(horizontal and self.bottom - tolerance <= bottom and top <= self.top + tolerance)


_HALF_WIDTH, _HALF_HEIGHT = FRAME_WIDTH / 2, FRAME_HEIGHT / 2
TITLE_HEIGHT, CAPTION_HEIGHT, BORDER = 0.6, 0.8, 0.12
BOARD_BOTTOM = 0.5
TITLE_BASELINE, CAPTION_BASELINE = 0.19, 0.24

FRAME = Zone(-_HALF_WIDTH, _HALF_WIDTH, -_HALF_HEIGHT, _HALF_HEIGHT)
TITLE = Zone(FRAME.left + MARGIN, FRAME.right - MARGIN, FRAME.top - TITLE_HEIGHT - BORDER, FRAME.top - BORDER)
CAPTION = Zone(
    FRAME.left + MARGIN, FRAME.right - MARGIN, FRAME.bottom + BORDER / 2, FRAME.bottom + CAPTION_HEIGHT
)
BOARD = Zone(FRAME.left + MARGIN, FRAME.right - MARGIN, BOARD_BOTTOM, TITLE.bottom)
MAP = Zone(FRAME.left + MARGIN, FRAME.right - MARGIN, CAPTION.top + BORDER, BOARD_BOTTOM)
WHOLE_BOARD = Zone(BOARD.left, BOARD.right, MAP.bottom, BOARD.top)
"""Board and map together, for equations while the map has left."""
CLOSE_MAP = Zone(MAP.left, -0.2, MAP.bottom, BOARD.top - 0.1)
CLOSE_BOARD = Zone(0.25, BOARD.right, MAP.bottom, BOARD.top)
"""Where map and board stand side by side, while the network is small."""
MOST_CLOSE = 1.75
LAYER_ZONE = Zone(MAP.left, -2.2, MAP.bottom, BOARD.top - 0.1)
LAYER_BOARD = Zone(-1.75, BOARD.right, MAP.bottom, BOARD.top)
"""Where one layer, seen close, and its equations stand side by side."""
WHOLE_BOARD = Zone(BOARD.left, BOARD.right, MAP.bottom, BOARD.top)
"""The board when the map has left."""
LAYER_RADIUS = 0.56
LAYER_ROW_SPACING = 3.2
LAYER_LABEL_SIZE = 36.0
LAYER_STUB_NAME = 0.64

# -- the plot of a curve and its slope -------------------------------------------------------------------
_PLOT_LEFT, _PLOT_BOTTOM, _PLOT_TOP = MAP.left + 1.1, MAP.bottom + 0.75, BOARD.top - 0.7
PLOTS = tuple(
    (Zone(_PLOT_LEFT, end, _PLOT_BOTTOM, _PLOT_TOP), Zone(end + 1.0, BOARD.right, MAP.bottom, BOARD.top))
    for end in (1.1, 0.1, -0.9)
)
"""A plot and the equations beside it: the widest plot first."""
PLOT_NUMBER_WIDTH = 1.15
"""The room of a number beside the upright axis."""
PLOT_HEADROOM = 0.08
CURVE_STROKE = 4.0
DOT_RADIUS = 0.1
MARK_SIZE = 30.0
MARK_GAP = 0.14
MOST_GAP = 1.0
"""Between the equations beside a plot."""
TANGENT_LENGTH = 4.0
SHORT_TANGENT = 2.0
POINT_SCALE = 3.0
"""How much larger a point is when it comes."""
LEAST_REACH = {"sigmoid": 5.0, "tanh": 3.0, "softplus": 4.0}
"""How far to both sides of 0 a curve is drawn at least; straight ones look the same at every scale."""
SUMS_REACH = 2.0
"""How far a curve is drawn, in greatest weighted sums."""
BEYOND, LEAST_BEYOND = 0.8, 0.3
"""How far the curve of a loss goes on behind output and target: in their distance, and at least."""
LOGIT_REACH = 4.0
OPEN_INTERVAL = 0.02
"""How near to 0 and 1 a curve is drawn that is infinite there."""
CURVE_SAMPLES = 241
SUBJECT_WIDTH = 0.78 * FRAME_WIDTH
"""The width of the main equation when it is the subject: at least 0.75 of the frame."""
MOST_SUBJECT, SUBJECT_SHARE_OF_ZONE = 110.0, 0.9
"""Its greatest size, and its greatest width where it has but part of the frame."""

# -- tracing paths ---------------------------------------------------------------------------------------
TRACE_MAP = Zone(MAP.left, MAP.right, MAP.bottom, 0.0)
TRACE_BOARD = Zone(BOARD.left, BOARD.right, 0.05, BOARD.top - 0.05)
"""The map, a little lower, and the board above it, for networks of few rows."""
TRACE_MOST_ROWS = 3
TRACE_SIZE = 45.0
"""The largest size of equations that stand one below the other."""
TRACE_WAYS_WRITTEN = 8
TRACE_WAYS_LIT = 8
TRACE_LINE_GAP = 0.24
TRACE_ROW_GAP = 0.1
TRACE_COLUMN_GAP = 0.6
TRACE_NUMBER_ROOM = 0.38
TRAIL_STROKE = 3.2
BAND_STROKE, BAND_OPACITY, BAND_MARGIN, BAND_CORNER = 17.0, 0.4, 0.07, 0.1
HIGHLIGHT_OPACITY = 0.15
NUMBER_SIGN_CLEARANCE = 0.04
NUMBER_SIGN_HEIGHT = 1.25
"""The tallest sign between numbers, in heights of a number."""
ONE_LINE = 1.5
"""A formula lower than so many fractions stands in one line."""
TRACE_FIRST_STEP, TRACE_LATER_STEP = 0.6, 0.33
"""Seconds for each edge of the first way, and of later ones."""
TRACE_FLASHES = (1.4, 0.9)
"""Seconds that what is shared lights up, the first time and again."""
TRACE_WAY_TIME, TRACE_LEAST_WAY_TIME, TRACE_FASTER = 2.4, 0.8, 0.7
"""Seconds that light runs along the first of all ways, and along the last; how much less each takes."""
WAYS_SIZE, WAYS_COST_SIZE = 52.0, 29.0
WAYS_GAP = 0.2

# -- the general equations -------------------------------------------------------------------------------
GENERAL_SIZES = (MAIN_SIZE, 54.0, 50.0, EQUATION_SIZE, 42.0, 39.0, LEAST_EQUATION_SIZE)
"""The sizes of equations that stand together, the largest that fits."""
BOARD_LINES = 2
"""An equation in letters and its numbers, with gaps around them."""
VALUE_SIZES = (EQUATION_SIZE, 42.0, 39.0, LEAST_EQUATION_SIZE)
GRID_GAP = 0.28
LEAST_GAP = 0.12
"""Between the rows of a crowded board, and above the first."""
SUBJECT_SHARE = 0.62
"""How much of the board's height an equation takes that is alone on it."""
KNOWN_STROKE = 3.6
"""An edge whose gradient is known, or checked."""
CHECK_TABLE = Zone(BOARD.left, 2.5, BOARD.bottom, BOARD.top)
CHECK_COUNT = Zone(3.0, BOARD.right, BOARD.bottom, BOARD.top)
"""Where the gradients that are compared stand, and beside them how many agree so far."""
CHECK_SIZE = 42.0
CHECK_GAP = 0.7
COUNT_SIZE = 96.0
COUNT_GAP = 0.25
NAMED_GAP, NAMED_CORNER, NAMED_STROKE = 0.06, 0.1, 3.0
"""The frame around what gets a name."""
ALIKE = 0.02
"""How far, in parts of their size, the outlines of two glyphs of one shape may differ."""
COUNT_STEPS = 8
"""In so many steps the gradients of a layer are counted."""

# -- deltas and their counter ------------------------------------------------------------------------------
LOW_MAP = Zone(MAP.left, MAP.right, MAP.bottom, 0.0)
"""The map, a little lower, where the network is small enough and equations need the room."""
CLOSE_GAP = 0.16
CLOSE_SHARE = 0.7
"""Between a term and its number, and the number's share of its size, where two rows share the board."""
FIGURE_HEIGHT = 0.007
"""The height of a number's figures, for each point of its font size."""
COUNTER_SHIFT = 0.2
LINE_SIZES = (MAIN_SIZE, 54.0, 50.0, 46.0, 43.0, 40.0, 38.0, LEAST_EQUATION_SIZE)
"""The sizes of equations broken into lines, the largest that fits."""
LINE_SPACE = 0.24
"""Between the lines of one equation."""
AFTER_EQUALS = 0.18
SHORTEST_LINE = 0.4
"""A line is filled to this part at least, where there is a plus sign to break at."""

# -- grouping into matrices --------------------------------------------------------------------------------
GROUPED_FEW = (1, 2)
"""The nodes whose equations are written out where a layer has too many."""
GROUPED_MOST = 100
"""Of more equations only those of a few nodes are grouped."""
GROUPED_MATRIX = 3
GROUPED_COLUMNS = (6, 5, 4, 3)
"""The rows and columns of matrices, and of equations one below the other, that are shown."""
GROUPED_LABEL_SIZE = 32.0
ENTRY_SLOW_TERMS = 2
"""The terms of an entry that are made slowly, before the others follow faster."""

# -- computational graphs --------------------------------------------------------------------------------
MOST_GATES = 24
GATE_RADIUS = 0.32
GATE_SIZE = 27.0
GATE_ROOM = 1.4
"""The height of a gate with its value above and its derivative below."""
LEAST_GATE_GAP, MOST_GATE_GAP = 1.15, 3.6
LEAST_GATE_ROW, MOST_GATE_ROW = 1.28, 2.2
EASY_GATE_GAP, EASY_GATE_ROW = 2.3, 1.6
LEAST_GRAPH_SCALE, MOST_GRAPH_SCALE = 0.72, 1.45
"""How small the gates of a large graph are drawn, with their numbers, and how large those of a small one."""
PARALLEL_BULGE = 0.75
GATE_NUMBER_GAP = 0.06
HALO_STROKE = 7.0
"""Around a number, in the colour of the background: an edge behind it stays clear of its figures."""
GRAPH_BOARD = Zone(BOARD.left, BOARD.right, 1.75, BOARD.top)
GRAPH = Zone(MAP.left, MAP.right, MAP.bottom, GRAPH_BOARD.bottom - BORDER)
SLIM_BOARD = Zone(BOARD.left, BOARD.right, 2.35, BOARD.top)
TALL_GRAPH = Zone(MAP.left, MAP.right, MAP.bottom, SLIM_BOARD.bottom - BORDER)
"""Where a graph of many rows stands: one line of equations is above it."""


# -- the network set up, its indices, a sample running through -------------------------------------------
NUMBER_BELOW_NODE = 0.07
LOWEST_NUMBERS = 0.3
"""The room that the numbers below the lowest row take."""
FLAT_MAP = Zone(MAP.left, MAP.right, MAP.bottom + LOWEST_NUMBERS, MAP.top)
TALL_MAP = Zone(MAP.left, MAP.right, MAP.bottom + LOWEST_NUMBERS, 1.6)
SHORT_BOARD = Zone(BOARD.left, BOARD.right, TALL_MAP.top + BORDER, BOARD.top)
MOST_ROOMY = 2
"""Up to this many rows leave room for numbers between them on a map of the usual height."""
ONE_LAYER_GAP = 2.5
"""How far apart the columns of a layer stand that is shown by itself."""
LARGE_SIZE = 150.0
"""The font size of a symbol that is looked at index by index."""
RECEDED = 0.44
"""How much smaller it is while something else is looked at."""
NEAR_TOP = 1.95
NEAR_MAP = Zone(MAP.left, -0.35, MAP.bottom, NEAR_TOP)
NEAR_BOARD = Zone(0.1, MAP.right, MAP.bottom, NEAR_TOP)
TOP_BOARD = Zone(BOARD.left, BOARD.right, NEAR_TOP + 0.1, BOARD.top)
"""Where a layer, a matrix level with it, and an equation over both stand together."""
ANSWER_GAP = 3 * LINE_GAP
LONGEST_SUMS = (None, LONGEST_SUM, 4, SHORTEST_SUM)
FRAME_GAP, FRAME_CORNER = 0.14, 0.2
"""Of the frame around a layer on the map."""
MOST_ARRIVALS, ARRIVAL = 4.0, 0.35
"""Seconds at most for all the derivatives of a layer to arrive, and how many more each takes."""
AGAIN = 0.7
"""How much shorter a step is that is seen again."""

# -- circuits ----------------------------------------------------------------------------------------------
CIRCUIT_GROWS = 4.0
"""Seconds in which all gates grow."""
CIRCUIT_FIRST, CIRCUIT_STEP, CIRCUIT_MOST = 1.2, 0.5, 4.5
"""Seconds for a gate, how much longer each further one takes where many compute at once, and all at most."""
PATTERN_BASELINE = 0.16
"""How far the word for what a gate does stands below the middle of the gate."""

# -- sweeps through graphs -------------------------------------------------------------------------------
SWEEP_STEP, SWEEP_LEAST_STEP, SWEEP_TIME = 0.9, 0.4, 6.0
"""Seconds for a node that is taken quickly, and at least for one whose equation is seen; for all together."""
LABEL_SHIFTS = (0.0, 0.2, -0.2, 0.4, -0.4, 0.6, -0.6)
"""How far a gate's name moves to the side where an edge would run through it, in its widths."""
TOUCHING = 0.02
SWEEP_NAME_SIZE = 22.0
"""The font size of a derivative below its node, where there is no room for that of the map."""

# -- an expression becomes a graph ---------------------------------------------------------------------
GATES_MOST = 5.0
"""Seconds at most in which gates grow, or values run through them, one after the other."""
MOST_PATHS_WRITTEN = 8
"""Of sums over more paths than this another, shorter one is shown."""

# -- code beside a graph ---------------------------------------------------------------------------------
CODE_EM, CODE_ADVANCE = 1 / 96, 0.602
"""The height of letters, in units for each point of their size, and how wide a character is, in heights."""
CODE_PITCH = 1.19
CODE_MIDDLE = 0.4
"""How far below the tops of the letters the middle of a line is, in heights."""
CODE_SIZES = (34.0, 32.0, 30.0, 28.0, 27.0, 26.0)
CODE_GAP = 0.2
CODE_BAND_OPACITY = 0.17
CODE_STRIP_GAP = 0.45
CODE_BOARD = Zone(BOARD.left, BOARD.right, 2.28, BOARD.top)
CODE_GRAPH = Zone(MAP.left, MAP.right, MAP.bottom, CODE_BOARD.bottom - BORDER)
"""Where code stands in strips side by side, and below it a graph that needs the whole width."""
CODE_WIDTHS = (4.6, 5.4, 6.2)
"""Beside the graph: the narrowest in which every line can be read."""
CODE_SPLITS = tuple(
    (
        Zone(MAP.left, BOARD.right - width - 0.4, MAP.bottom, BOARD.top),
        Zone(BOARD.right - width, BOARD.right, MAP.bottom, BOARD.top),
    )
    for width in CODE_WIDTHS
)
CODE_FIRST, CODE_LATER, CODE_MOST = 1.1, 0.75, 11.0
"""Seconds for a line that is seen for the first time, for a later one, and for all later ones together."""

# -- matrices as rectangles ------------------------------------------------------------------------------
BOX_UNIT, BOX_SMALL_UNIT = 0.39, 0.16
"""The side of a cell, and of one where all ways are shown at once."""
BOX_STROKE, BOX_CELL_STROKE, BOX_SIDE_STROKE = 3.0, 1.0, 7.0
BOX_FILL = 0.14
BOX_CHECKED, BOX_LIT = 0.16, 0.55
BOX_GAP = 0.14
BOX_NAME_SIZE, BOX_NAME_SHARE, BOX_SHAPE_SIZE = 48.0, 0.7, 30.0
BOX_SPACE = 0.85
BOX_DARKNESS, BOX_DUSK = 0.75, 0.5
"""Between two rectangles, where a sign stands."""
BOX_EQUATION = Zone(BOARD.left, BOARD.right, 1.75, BOARD.top)
BOX_ZONE = Zone(BOARD.left, BOARD.right, MAP.bottom + 0.1, 1.75)
BOX_WAYS = Zone(BOARD.left, BOARD.right, MAP.bottom, BOARD.top)
BOX_WAYS_COLUMNS = 4
BOX_TARGET = Zone(BOARD.left, -2.2, BOX_ZONE.bottom, BOX_ZONE.top)
BOX_PAIR = Zone(-1.4, BOARD.right, BOX_ZONE.bottom, BOX_ZONE.top)
BOX_FACTORS = Zone(BOARD.left, BOARD.right, -1.2, 1.75)
BOX_ENTRY = Zone(BOARD.left, BOARD.right, MAP.bottom, BOX_FACTORS.bottom)
"""The factors whose row and column make an entry, and its equation below them."""
BOX_WAY_SIZE = 38.0
BAR_HEIGHT, BAR_GAP, MOST_BAR_STEP = 0.38, 0.05, 0.68
BAR_TEXT_GAP, BAR_COUNT_WIDTH, MOST_BAR_UNIT = 0.3, 6.2, 0.75
BAR_SIZE = 33.0
"""Bars for the costs of sweeps: between pieces and rows, for the words behind, for one operation."""
FIRST_SWEEP, NEXT_SWEEP = 4.0, 2.0
"""Seconds for the first sweep that is only watched, and for another."""

# -- paths that merge --------------------------------------------------------------------------------------
MERGED_EDGES, MERGED_STAGES = 3, 2
"""So many edges lead from each node to the next, in so many stages: nine paths."""
MERGED_RISE = 1.75
"""How far the outermost of parallel edges bends aside: as far as the map is high."""
MERGED_MOST_STAGES, MERGED_SLOW_STAGES = 10, 3
"""The stages up to which paths are counted, and those that come slowly."""
GROWTH = Zone(MAP.left + 0.7, MAP.right - 0.7, MAP.bottom + 0.5, 1.85)
GROWTH_BOARD = Zone(BOARD.left, BOARD.right, 2.1, BOARD.top)
GROWTH_RISE, GROWTH_DEPTH, GROWTH_NODE, GROWTH_BULGE, GROWTH_GAP = 0.9, 0.6, 0.14, 0.4, 1.6
"""A plot of counts over the chain of stages that are counted."""

# -- nudged inputs -----------------------------------------------------------------------------------------
NUDGES = (4.0, 3.0, 1.0, 0.5)
"""How far an input is moved: ever less."""
NUDGE_REACH = 5.0
"""How far to both sides a curve is drawn."""
NUDGE_PLOT, NUDGE_BOARD = PLOTS[1]
NUDGE_SHORT, NUDGE_LONG = 1.0, 12.0
"""The lengths of a tangent for a moment, and of one through the whole plot."""
NUDGE_GRID_GAP = (1.4, 0.75)

# -- learning ----------------------------------------------------------------------------------------------
THINNEST, THICKEST = 1.5, 15.0
"""The strokes of an edge without weight, and of the largest weight."""
LEARNING_ROWS, LEARNING_COLUMNS = 2, 2
"""The updates of further parameters that are written."""
LEARNING_GAP = (1.4, 0.3)
LEGEND_LINE, LEGEND_GAP = 1.5, 0.4
"""The lines of a legend, and how far behind them their weights stand."""
LEARNING_BAR, LEARNING_BAR_WIDTH, LEARNING_BAR_GAP = 0.42, 5.2, 0.5
"""Bars as long as E is large, behind its equation."""
LEARNING_PLOT = Zone(MAP.left + 1.3, BOARD.right - 0.9, MAP.bottom + 0.75, BOARD.top - 0.75)

# -- losses ------------------------------------------------------------------------------------------------
LOSS_LINES = Zone(BOARD.left, BOARD.right, MAP.bottom + 0.1, BOARD.top - 0.1)
"""Where the lines of a derivation stand, and losses beside their deltas."""
LOSS_SHARE = 0.75
"""How much of the board's height the product of two derivatives takes."""
LINES_AT_ONCE = 4
"""So many lines of a derivation stand together at least."""
STRIKE_STROKE = 4.0
LAST_BOARD = Zone(BOARD.left, BOARD.right, BOARD.bottom + 0.3, BOARD.top - 0.15)
"""Where the deltas of the last layer stand over the map."""
SLIDE_SECONDS = 5.0
"""How long a tangent slides along a curve."""

# -- rows beside columns -----------------------------------------------------------------------------------
TURN_SIZES = (MAIN_SIZE, 54.0, 50.0, EQUATION_SIZE, 42.0, 39.0, LEAST_EQUATION_SIZE)
TURN_MATRICES = (4, 3)
"""How many rows and columns of a matrix are tried to be written."""
TURN_MARGIN = 0.35
TURN_HEADING_SIZE, TURN_HEADING = 30.0, 0.55
TURN_LEFT = Zone(WHOLE_BOARD.left, -TURN_MARGIN, BOARD.bottom, BOARD.top - TURN_HEADING)
TURN_RIGHT = Zone(TURN_MARGIN, WHOLE_BOARD.right, BOARD.bottom, BOARD.top - TURN_HEADING)
TURN_LOW_LEFT = Zone(TURN_LEFT.left, TURN_LEFT.right, WHOLE_BOARD.bottom, TURN_LEFT.bottom)
TURN_LOW_RIGHT = Zone(TURN_RIGHT.left, TURN_RIGHT.right, WHOLE_BOARD.bottom, TURN_RIGHT.bottom)
"""The halves for columns and for rows: their equations above, their tables of numbers below."""
TURN_LINES_GAP = 0.42
MOST_CLASSES = 100
BARS_MOST = 6
"""So many bars stand side by side; of more classes the first and the last have one."""
BARS_SHARE, BARS_WIDEST, BARS_NUMBER_SHARE, BARS_LEAST = 0.62, 0.95, 0.94, 0.012
"""The width of a bar, as a share of its column and at most; that of its number; the height of nothing."""
BARS_NAMES, BARS_NUMBERS, BARS_MARGIN, BARS_OUTLINE = 0.62, 0.36, 0.16, 3.0
"""The room for names below bars and for numbers at their ends; how much wider an outline is."""
BARS_NAME_SIZE = 42.0
ELLIPSIS_DOTS = 3
BARS_WIDE = Zone(-4.6, 4.6, BOARD.bottom + 0.15, BOARD.top - 0.05)
BARS_LEFT = Zone(BOARD.left, -0.4, 0.6, BOARD.top - 0.05)
BARS_BELOW = Zone(BOARD.left, -0.4, MAP.bottom, 0.35)
"""Bars over the map, then at the left, and a second row of them below."""
BARS_BOARD = Zone(0.15, BOARD.right, MAP.bottom, BOARD.top)
BARS_TALL = Zone(BOARD.left, -0.4, MAP.bottom, BOARD.top - 0.4)
BARS_NUDGE = 1.2
"""How far a logit is moved."""
ENTRIES = Zone(BOARD.left, BOARD.right, 1.5, BOARD.top)
JACOBIAN = Zone(BOARD.left, BOARD.right, MAP.bottom, 1.35)
"""Two entries of a matrix, and the matrix below them."""

# -- a loss that falls -------------------------------------------------------------------------------------
REGION_CELLS, REGION_LEVELS = 48, 16
"""The cells of a side of the picture of what a network answers, and how many shades it has."""
REGION_DEPTH = 0.78
"""How strong the colour of a certain answer is, between the background and its own colour."""
REGION_LOW, REGION_HIGH = -0.4, 1.4
REGION_ZONE = Zone(BOARD.right - 2.7, BOARD.right - 0.1, 0.6, 3.2)
REGION_DOT, REGION_RING = 0.12, 5.0
FALL_ZONE = Zone(BOARD.left + 1.15, 2.3, 0.75, BOARD.top - 0.62)
FALL_BOARD = Zone(BOARD.left, REGION_ZONE.left - 0.7, 0.1, BOARD.top - 0.1)
FALL_STEPS = 300
FALL_PARTS = (0.2, 0.9)
"""The parts of the way down at which the run is stopped for a moment."""
FALL_TIMES = (3.5, 5.0, 3.0)

# -- the mean of a batch -----------------------------------------------------------------------------------
BATCH_SIZES = (EQUATION_SIZE, 42.0, 39.0, LEAST_EQUATION_SIZE)
BATCH_MATRICES = (8, 4, 3)
"""How many rows and columns of a matrix of samples are tried to be written."""
BATCH_GAP = 0.3
BATCH_HEADS = Zone(BOARD.left, BOARD.right, BOARD.top - 1.25, BOARD.top - 0.05)
BATCH_BARS = Zone(BOARD.left, BOARD.right, BOARD.bottom + 0.1, BATCH_HEADS.bottom - 0.1)
"""The derivatives of the samples, and a bar for each below it."""
BATCH_BAR_WIDTH = 0.7
BATCH_LINE = 3.0
BATCH_BELOW = Zone(BOARD.left, BOARD.right, MAP.bottom, BATCH_BARS.bottom - 0.15)
"""Where their mean is worked out, while the map has left."""
